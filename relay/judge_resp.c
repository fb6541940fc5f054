/* What the function returned: section 4 of the fact sheet. It is somebody's own
 * code, so every shape must be expected, and one that does not plainly say that
 * the message was sent never counts as sent. */
#include "relay/judge_rules.h"

#include "lib/util.h"
#include "relay/judge_text.h"

#include <string.h>

/* What the keys of the returned object say, before they are weighed. */
struct reply {
	bool is_flag_yes;     /* success or ok is true */
	bool is_flag_no;      /* ... is false */
	bool is_flag_unclear; /* ... is neither */
	bool is_code_yes;     /* errCode 0, code 0 or 200 */
	bool is_code_unclear; /* there is one, and it is no number */
	bool has_error;	      /* an error with anything in it, even {} */
	bool is_error_hidden; /* ... and it is {} */
	bool has_error_code;  /* SCF's errorCode is there */
	int64_t code;	      /* WeChat's, at the top; 0 if none */
	int64_t inner_code;   /* WeChat's, within error */
	int64_t own_code;     /* the author's own */
	int64_t error_code;   /* SCF's errorCode */
	int64_t status;	      /* SCF's statusCode of a failure */
};

typedef void key_reader(struct reply *r, const cJSON *item);

static void read_flag(struct reply *r, const cJSON *item)
{
	if (cJSON_IsTrue(item))
		r->is_flag_yes = true;
	else if (cJSON_IsFalse(item))
		r->is_flag_no = true;
	else
		r->is_flag_unclear = true;
}

static void read_code(struct reply *r, const cJSON *item)
{
	int64_t code;
	if (cJSON_IsNull(item))
		return;
	if (!judge_json_code(item, &code))
		r->is_code_unclear = true;
	else if (code == 0)
		r->is_code_yes = true;
	else if (judge_code_is_wechat(code))
		r->code = code;
	else
		r->own_code = code;
}

/* `code` is the author's: 200 is usual for "done", -1 for any failure. */
static void read_own_code(struct reply *r, const cJSON *item)
{
	int64_t code;
	if (judge_json_code(item, &code) && code == 200)
		r->is_code_yes = true;
	else if (judge_json_code(item, &code) && code == -1)
		r->own_code = -1;
	else
		read_code(r, item);
}

static void read_error_code(struct reply *r, const cJSON *item)
{
	int64_t code;
	if (!judge_json_code(item, &code))
		return;
	if (code != -1 && judge_code_is_wechat(code))
		r->code = code;
	else if (code != 0) {
		r->has_error_code = true;
		r->error_code = code;
	}
}

static void read_status(struct reply *r, const cJSON *item)
{
	int64_t code;
	if (judge_json_code(item, &code) && code >= 400)
		r->status = code;
}

static void take_inner(struct reply *r, int64_t code)
{
	if (judge_code_is_wechat(code))
		r->inner_code = code;
	else if (code != 0)
		r->own_code = code;
}

static void read_error(struct reply *r, const cJSON *item)
{
	static const char *const keys[] = {"errCode", "errcode", "errorCode",
					   "code"};
	int64_t code;
	bool is_empty_text = cJSON_IsString(item) && !item->valuestring[0];
	if (cJSON_IsNull(item) || cJSON_IsFalse(item) || is_empty_text)
		return;
	if (judge_json_code(item, &code)) {
		take_inner(r, code);
		r->has_error |= code != 0;
		return;
	}
	r->has_error = true;
	if ((cJSON_IsObject(item) || cJSON_IsArray(item)) && !item->child)
		r->is_error_hidden = true;
	for (size_t i = 0; i < ARRAY_LEN(keys) && cJSON_IsObject(item); i++) {
		const cJSON *inner =
			cJSON_GetObjectItemCaseSensitive(item, keys[i]);
		if (judge_json_code(inner, &code) && code != 0) {
			take_inner(r, code);
			return;
		}
	}
}

static const struct {
	const char *key;
	key_reader *read;
} readers[] = {
	{.key = "success", .read = read_flag},
	{.key = "ok", .read = read_flag},
	{.key = "errCode", .read = read_code},
	{.key = "errcode", .read = read_code},
	{.key = "code", .read = read_own_code},
	{.key = "errorCode", .read = read_error_code},
	{.key = "statusCode", .read = read_status},
	{.key = "error", .read = read_error},
};

/* Walks the members rather than looking keys up, so that of two members of one
 * name neither is overlooked. */
static void read_members(struct reply *r, const cJSON *object)
{
	const cJSON *item;
	cJSON_ArrayForEach(item, object)
	{
		for (size_t i = 0; i < ARRAY_LEN(readers); i++) {
			if (strcmp(item->string, readers[i].key) == 0)
				readers[i].read(r, item);
		}
	}
}

static void add_texts(struct finding *f, const cJSON *object)
{
	static const char *const keys[] = {
		"message", "msg",  "errMsg",  "errmsg", "errorMessage",
		"code",	   "type", "errCode", "errcode"};
	int64_t code;
	for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
		const cJSON *item =
			cJSON_GetObjectItemCaseSensitive(object, keys[i]);
		if (!judge_json_code(item, &code))
			judge_text_add(f, judge_json_text(object, keys[i]));
	}
}

static void collect_texts(struct finding *f, const cJSON *object)
{
	add_texts(f, object);
	judge_text_add(f, judge_json_text(object, "error"));
	add_texts(f, cJSON_GetObjectItemCaseSensitive(object, "error"));
	judge_text_add(f, judge_json_text(object, "stackTrace"));
}

/* Whether the reply says that it failed. A plain success:true outweighs an
 * error beside it, though never a code of WeChat's at the top. */
static bool is_failure(const struct reply *r)
{
	if (r->is_flag_no || r->code != 0)
		return true;
	if (r->is_flag_yes)
		return false;
	if (r->has_error_code || r->status || r->own_code || r->inner_code)
		return true;
	return r->has_error && !r->is_code_yes;
}

static bool is_success(const struct reply *r)
{
	if (is_failure(r) || r->is_flag_unclear)
		return false;
	return r->is_flag_yes || (r->is_code_yes && !r->is_code_unclear);
}

static void find_failure(const struct reply *r, struct finding *f)
{
	bool has_flag = r->is_flag_no || r->is_flag_yes || r->is_flag_unclear;
	int64_t code = r->inner_code ? r->inner_code : r->code;
	f->stage = STAGE_FUNCTION;
	if (code) {
		f->stage = judge_code_stage(code);
		f->sign = SIGN_CODE;
		f->code = code;
	} else if ((r->has_error_code || r->status) && !has_flag) {
		f->sign = SIGN_SCF;
		f->code = r->status ? r->status : r->error_code;
	} else {
		bool is_hid = r->is_error_hidden || !f->text.len;
		f->sign = is_hid ? SIGN_HID : SIGN_SAID;
		f->code = r->own_code ? r->own_code : r->error_code;
	}
	judge_unwrap(f);
}

static void judge_object(const cJSON *object, struct finding *f)
{
	struct reply r = {0};
	read_members(&r, object);
	if (is_success(&r)) {
		f->stage = STAGE_SEND;
		f->sign = SIGN_DELIVERED;
		return;
	}
	collect_texts(f, object);
	if (is_failure(&r))
		find_failure(&r, f);
	else
		f->sign = SIGN_UNREADABLE;
}

static void judge_value(const cJSON *value, struct finding *f)
{
	if (cJSON_IsObject(value))
		judge_object(value, f);
	else if (!value || cJSON_IsNull(value))
		f->sign = SIGN_EMPTY;
	else
		f->sign = SIGN_UNREADABLE;
}

/* The text of a value, "" if it is not one or all blanks. */
static const char *value_text(const cJSON *value)
{
	const char *s = cJSON_IsString(value) ? value->valuestring : "";
	return s + strspn(s, " \t\r\n");
}

void judge_resp(const cJSON *resp_data, struct finding *f)
{
	f->stage = STAGE_FUNCTION;
	f->sign = SIGN_EMPTY;
	f->code = 0;
	if (!cJSON_IsString(resp_data)) {
		judge_value(resp_data, f);
		return;
	}
	const char *text = value_text(resp_data);
	scoped_json *value = judge_json_parse(text, strlen(text));
	/* a function that returns JSON.stringify(...) is wrapped twice */
	const char *inner = value_text(value);
	scoped_json *inside = judge_json_parse(inner, strlen(inner));
	bool is_twice = cJSON_IsString(value) && (inside || !inner[0]);
	if (is_twice)
		judge_value(inside, f);
	else if (value)
		judge_value(value, f);
	else if (text[0])
		f->sign = SIGN_UNREADABLE;
	if (f->sign == SIGN_UNREADABLE && !f->text.len)
		judge_text_add(f, text);
}
