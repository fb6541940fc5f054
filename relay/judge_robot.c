/* What a robot's answer means. All three answer with JSON whose code decides,
 * mostly under HTTP 200; a code counts under any status, a success under 2xx
 * alone. What came in no such form, or not at all, may have been sent: nothing
 * drops a repeat there. */
#include "relay/judge_rules.h"

#include "relay/judge_text.h"

#include <string.h>

enum { FIELDS_MAX = 2 };

struct form {
	enum stage stage;
	const char *codes[FIELDS_MAX]; /* NULL: no more */
	const char *texts[FIELDS_MAX];
};

static const struct form wecom = {STAGE_WECOM, {"errcode"}, {"errmsg"}};
static const struct form dingtalk = {STAGE_DINGTALK, {"errcode"}, {"errmsg"}};
/* The second pair is that of its older answers. */
static const struct form feishu = {
	STAGE_FEISHU, {"code", "StatusCode"}, {"msg", "StatusMessage"}};

/* The code of an answer, a failure before a success; false if it has none. */
static bool read_code(const struct form *form, const cJSON *json,
		      int64_t *code_out)
{
	bool has_code = false;
	for (size_t i = 0; i < FIELDS_MAX && form->codes[i]; i++) {
		int64_t code;
		const cJSON *item =
			cJSON_GetObjectItemCaseSensitive(json, form->codes[i]);
		if (!item || !judge_json_code(item, &code))
			continue;
		if (!has_code || code != 0)
			*code_out = code;
		has_code = true;
		if (code != 0)
			break;
	}
	return has_code;
}

static void read_texts(const struct form *form, const cJSON *json,
		       struct finding *f)
{
	for (size_t i = 0; i < FIELDS_MAX && form->texts[i]; i++)
		judge_text_add(f, judge_json_text(json, form->texts[i]));
}

/* No code of the robot's: HTTP is asked. */
static void read_status(const struct judge_case *c, struct finding *f)
{
	long status = c->answer->status;
	bool is_refusal = status >= 300 && status <= 499;
	f->stage = STAGE_WEBHOOK;
	f->sign = is_refusal ? SIGN_CODE : SIGN_NO_ROBOT;
	f->code = status;
	judge_read_body(c, f);
}

static void read_answer(const struct form *form, const struct judge_case *c,
			struct finding *f)
{
	const struct http_answer *a = c->answer;
	int64_t code = 0;
	if (!judge_read_fate(c, f)) {
		f->stage = STAGE_WEBHOOK;
		return;
	}
	bool is_whole = a->body && !a->is_cut;
	scoped_json *json =
		is_whole ? judge_json_parse(a->body, a->body_len) : NULL;
	bool has_code = read_code(form, json, &code);
	if (!has_code || (code == 0 && a->status / 100 != 2)) {
		read_status(c, f);
		return;
	}
	f->stage = form->stage;
	f->sign = code ? SIGN_CODE : SIGN_DELIVERED;
	f->code = code;
	if (code)
		read_texts(form, json, f);
}

static void judge(const struct form *form, const struct http_answer *answer,
		  const struct judge_context *context, struct judgement *out)
{
	struct judge_case c = {answer, context, .is_token = false};
	struct finding f = {.stage = form->stage};
	read_answer(form, &c, &f);
	judge_settle(&c, &f, out);
	buf_finish(&f.text);
}

void judge_wecom(const struct http_answer *answer,
		 const struct judge_context *context, struct judgement *out)
{
	judge(&wecom, answer, context, out);
}

void judge_dingtalk(const struct http_answer *answer,
		    const struct judge_context *context, struct judgement *out)
{
	judge(&dingtalk, answer, context, out);
}

void judge_feishu(const struct http_answer *answer,
		  const struct judge_context *context, struct judgement *out)
{
	judge(&feishu, answer, context, out);
}
