#include "tests/support/judged.h"

#include "lib/util.h"

#include <cjson/cJSON.h>
#include <string.h>

struct http_answer judged_answer(const char *body, size_t len)
{
	return (struct http_answer){
		.fate = HTTP_ANSWERED,
		.status = 200,
		.body = body,
		.body_len = len,
		.retry_after_ms = -1,
		.error = "",
	};
}

struct judgement judged_invoke_with(const char *body,
				    struct judge_context context)
{
	struct judgement j;
	struct http_answer a = judged_answer(body, strlen(body));
	judge_invoke(&a, &context, &j);
	return j;
}

struct judgement judged_invoke(const char *body)
{
	return judged_invoke_with(body, (struct judge_context){.attempts = 1});
}

struct judgement judged_token(const char *body)
{
	struct judgement j;
	struct judge_context context = {.attempts = 1};
	struct http_answer a = judged_answer(body, strlen(body));
	judge_token(&a, &context, &j);
	return j;
}

char *judged_wrap(const char *resp)
{
	cJSON *o = cJSON_CreateObject();
	cJSON_AddNumberToObject(o, "errcode", 0);
	cJSON_AddStringToObject(o, "errmsg", "ok");
	cJSON_AddStringToObject(o, "resp_data", resp);
	char *body = cJSON_PrintUnformatted(o);
	cJSON_Delete(o);
	return body;
}

struct judgement judged_returned_with(const char *resp,
				      struct judge_context context)
{
	scoped_free char *body = judged_wrap(resp);
	return judged_invoke_with(body, context);
}

struct judgement judged_returned(const char *resp)
{
	return judged_returned_with(resp,
				    (struct judge_context){.attempts = 1});
}

char *judged_code_object(const char *code_key, int64_t code,
			 const char *text_key, const char *text)
{
	cJSON *o = cJSON_CreateObject();
	cJSON_AddNumberToObject(o, code_key, (double)code);
	cJSON_AddStringToObject(o, text_key, text);
	char *s = cJSON_PrintUnformatted(o);
	cJSON_Delete(o);
	return s;
}
