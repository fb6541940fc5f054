/* See answer.h. */
#include "tests/sim/answer.h"

#include <stdio.h>
#include <stdlib.h>

#include "lib/util.h"

static const struct {
	int64_t code;
	const char *words;
} vocabulary[] = {
	{0, "ok"},
	{-1, "system error"},
	{-1000, "system error"},
	{40001, "invalid credential, access_token is invalid or not latest"},
	{40002, "invalid grant_type"},
	{40003, "invalid openid"},
	{40013, "invalid appid"},
	{40014, "invalid access_token"},
	{40035, "invalid parameter"},
	{40037, "invalid template_id"},
	{40066, "invalid url"},
	{40097, "invalid args"},
	{40101, "missing parameter"},
	{40125, "invalid appsecret"},
	{40164, "invalid ip 203.0.113.7 ipv6 ::ffff:203.0.113.7, "
		"not in whitelist"},
	{41001, "access_token missing"},
	{41002, "appid missing"},
	{41004, "appsecret missing"},
	{41030, "invalid page"},
	{42001, "access_token expired"},
	{43001, "require GET method"},
	{43002, "require POST method"},
	{43003, "require https"},
	{43101, "user refuse to accept the msg"},
	{43107, "subscribe message is banned"},
	{43108, "concurrent send to the same user"},
	{44002, "empty post data"},
	{45009, "reach max api daily quota limit"},
	{45011, "api minute-quota reach limit, must slow down"},
	{47001, "data format error"},
	{47003, "argument invalid!"},
	{48001, "api unauthorized"},
	{50002, "user limited"},
	{85088, "this app has not opened cloud development"},
	{89503, "this ip needs to be confirmed by the administrator"},
	{-501000, "Environment not found"},
	{-501001, "cloud system error"},
	{-501002, "cloud response timeout"},
	{-501003, "exceed request limit"},
	{-501004, "exceed concurrent request limit"},
	{-501005, "Environment invalid"},
	{-501007, "invalid parameters"},
	{-502002, "invalid database command"},
	{-502005, "database collection not exists"},
	{-504001, "function invoke failed"},
	{-504002, "functions execute fail"},
	{-504003, "Invoking task timed out after 3 seconds"},
	{-604101, "system error: error code: -604101"},
};

void json_free_ptr(cJSON **value)
{
	cJSON_Delete(*value);
}

/* Frees all but the delay. */
static void renew(struct answer *a)
{
	int64_t delay_us = a->delay_us;
	answer_finish(a);
	a->status = 200;
	a->delay_us = delay_us;
}

void answer_finish(struct answer *a)
{
	buf_finish(&a->body);
	free(a->content_type);
	free(a->retry_after);
	free(a->date);
	*a = (struct answer){.kind = ANSWER_WHOLE};
}

void answer_set_text(struct answer *a, const char *text)
{
	scoped_free char *copy = xstrdup(text); /* may be part of the old one */
	renew(a);
	buf_adds(&a->body, copy);
}

void answer_set_json(struct answer *a, cJSON *value)
{
	char *text = cJSON_PrintUnformatted(value);
	cJSON_Delete(value);
	answer_set_text(a, text);
	cJSON_free(text);
}

const char *answer_words(int64_t code)
{
	for (size_t i = 0; i < ARRAY_LEN(vocabulary); i++) {
		if (vocabulary[i].code == code)
			return vocabulary[i].words;
	}
	return "error";
}

char *answer_with_rid(const char *words, struct dice *dice)
{
	uint64_t high = dice_next(dice);
	uint64_t low = dice_next(dice);
	return xasprintf("%s rid: %08x-%08x-%08x", words,
			 (unsigned)(high >> 32), (unsigned)high, (unsigned)low);
}

void answer_set_error(struct answer *a, int64_t code, const char *detail,
		      struct dice *dice)
{
	scoped_free char *errmsg =
		answer_with_rid(detail ? detail : answer_words(code), dice);
	cJSON *root = cJSON_CreateObject();
	cJSON_AddNumberToObject(root, "errcode", (double)code);
	cJSON_AddStringToObject(root, "errmsg", errmsg);
	answer_set_json(a, root);
}

void answer_set_resp(struct answer *a, const char *resp_data)
{
	cJSON *root = cJSON_CreateObject();
	cJSON_AddNumberToObject(root, "errcode", 0);
	cJSON_AddStringToObject(root, "errmsg", "ok");
	cJSON_AddStringToObject(root, "resp_data", resp_data);
	answer_set_json(a, root);
}
