/* From an answer to what was found in it: the envelope that all of WeChat's
 * calls share, and what may come in its place. */
#include "relay/judge_rules.h"

#include "lib/text.h"
#include "lib/util.h"
#include "relay/judge_text.h"

#include <assert.h>
#include <string.h>

enum { STATUS_OK = 200, EXCERPT_MOST = 64 << 10 };

static void find_transport(struct finding *f, enum sign sign, int64_t code)
{
	f->stage = STAGE_TRANSPORT;
	f->sign = sign;
	f->code = code;
}

/* The body as the finding's text. One that may hold a token, which is not known
 * as a secret yet, is never shown. */
void judge_read_body(const struct judge_case *c, struct finding *f)
{
	static const char key[] = "access_token";
	const struct http_answer *a = c->answer;
	if (!a->body || !a->body_len)
		return;
	if (c->is_token && memmem(a->body, a->body_len, key, strlen(key)))
		return;
	size_t len = MIN(a->body_len, (size_t)EXCERPT_MOST);
	scoped_free char *clean = text_clean(a->body, len);
	judge_text_add(f, clean);
}

static bool is_html(const struct http_answer *a)
{
	size_t at = 0;
	if (!a->body)
		return false;
	while (at < a->body_len && strchr(" \t\r\n\xef\xbb\xbf", a->body[at]))
		at++;
	return at < a->body_len && a->body[at] == '<';
}

static void find_foreign(struct finding *f, const struct judge_case *c)
{
	bool is_page = is_html(c->answer);
	find_transport(f, is_page ? SIGN_HTML : SIGN_NOT_WECHAT, STATUS_OK);
	judge_read_body(c, f);
}

bool judge_read_fate(const struct judge_case *c, struct finding *f)
{
	static const enum sign fates[HTTP_FATE_COUNT] = {
		[HTTP_NOT_SENT] = SIGN_NOT_SENT,
		[HTTP_UNTRUSTED] = SIGN_UNTRUSTED,
		[HTTP_REFUSED] = SIGN_REFUSED,
		[HTTP_UNKNOWN] = SIGN_LOST,
	};
	const struct http_answer *a = c->answer;
	assert(a->fate < HTTP_FATE_COUNT);
	if (a->fate == HTTP_ANSWERED)
		return true;
	find_transport(f, fates[a->fate], 0);
	judge_text_add(f, a->error);
	return false;
}

/* The object in the answer's body, which the caller deletes; or NULL, and *f
 * says why there is none. */
static cJSON *read_object(const struct judge_case *c, struct finding *f)
{
	const struct http_answer *a = c->answer;
	if (!judge_read_fate(c, f))
		return NULL;
	if (a->status != STATUS_OK || a->is_cut) {
		bool is_ok = a->status == STATUS_OK;
		find_transport(f, is_ok ? SIGN_CUT : SIGN_CODE, a->status);
		judge_read_body(c, f);
		return NULL;
	}
	cJSON *json = a->body ? judge_json_parse(a->body, a->body_len) : NULL;
	if (cJSON_IsObject(json))
		return json;
	cJSON_Delete(json);
	find_foreign(f, c);
	return NULL;
}

/* Reads the outer errcode: false if what stands there is no code. */
static bool read_errcode(const cJSON *object, bool *has_code_out,
			 int64_t *code_out)
{
	const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, "errcode");
	if (!item)
		item = cJSON_GetObjectItemCaseSensitive(object, "errCode");
	*has_code_out = item && !cJSON_IsNull(item);
	*code_out = 0;
	return !*has_code_out || judge_json_code(item, code_out);
}

static void find_code(struct finding *f, enum stage stage, int64_t code,
		      const cJSON *object)
{
	f->stage = stage;
	f->sign = SIGN_CODE;
	f->code = code;
	judge_text_add(f, judge_json_text(object, "errmsg"));
	judge_text_add(f, judge_json_text(object, "errMsg"));
	if (!f->text.len)
		judge_text_add(f, judge_json_text(object, "resp_data"));
	if (stage == STAGE_INVOKE)
		judge_unwrap(f);
}

void judge_read_invoke(const struct judge_case *c, struct finding *f)
{
	scoped_json *object = read_object(c, f);
	if (!object)
		return;
	bool has_code;
	int64_t code;
	bool is_code = read_errcode(object, &has_code, &code);
	const cJSON *resp =
		cJSON_GetObjectItemCaseSensitive(object, "resp_data");
	if (!is_code || (!has_code && !resp))
		find_foreign(f, c);
	else if (code != 0)
		find_code(f, STAGE_INVOKE, code, object);
	else
		judge_resp(resp, f);
}

void judge_read_token(const struct judge_case *c, struct finding *f)
{
	scoped_json *object = read_object(c, f);
	if (!object)
		return;
	bool has_code;
	int64_t code;
	bool is_code = read_errcode(object, &has_code, &code);
	const char *token = judge_json_text(object, "access_token");
	const cJSON *life =
		cJSON_GetObjectItemCaseSensitive(object, "expires_in");
	if (is_code && code != 0) {
		find_code(f, STAGE_TOKEN, code, object);
	} else if (is_code && token && token[0] && cJSON_IsNumber(life) &&
		   life->valuedouble > 0) {
		f->stage = STAGE_TOKEN;
		f->sign = SIGN_DELIVERED;
	} else {
		find_foreign(f, c);
	}
}

void judge_read_send(const struct judge_case *c, struct finding *f)
{
	scoped_json *object = read_object(c, f);
	if (!object)
		return;
	bool has_code;
	int64_t code;
	if (!read_errcode(object, &has_code, &code) || !has_code)
		find_foreign(f, c);
	else if (code != 0)
		find_code(f, STAGE_SEND, code, object);
	else
		f->sign = SIGN_DELIVERED;
}

/* A real one has 28 characters. They are kept in memory, of whatever length a
 * user's document says. */
enum { OPENID_MOST = 128 };

/* The openid of a user's document, for the caller to free, or NULL. */
static char *take_openid(const cJSON *user, const char *fields)
{
	while (*fields) {
		size_t len = strcspn(fields, " ");
		scoped_free char *name = xstrndup(fields, len);
		const char *openid = judge_json_text(user, name);
		if (openid && *openid && strlen(openid) <= OPENID_MOST)
			return xstrdup(openid);
		fields += len;
		fields += strspn(fields, " ");
	}
	return NULL;
}

char *judge_read_lookup(const struct judge_case *c, const char *openid_fields,
			struct finding *f)
{
	scoped_json *object = read_object(c, f);
	if (!object)
		return NULL;
	bool has_code;
	int64_t code;
	bool is_code = read_errcode(object, &has_code, &code);
	const cJSON *data = cJSON_GetObjectItemCaseSensitive(object, "data");
	if (is_code && code != 0) {
		find_code(f, STAGE_LOOKUP, code, object);
		return NULL;
	}
	if (is_code && cJSON_IsArray(data) && !data->child) {
		f->sign = SIGN_NO_USER;
		return NULL;
	}
	const char *text =
		cJSON_IsArray(data) ? cJSON_GetStringValue(data->child) : NULL;
	scoped_json *user = text ? judge_json_parse(text, strlen(text)) : NULL;
	if (!is_code || !cJSON_IsObject(user)) {
		find_foreign(f, c);
		return NULL;
	}
	char *openid = take_openid(user, openid_fields);
	f->sign = openid ? SIGN_DELIVERED : SIGN_NO_OPENID;
	return openid;
}
