/* See robot.h. */
#include "tests/sim/robot.h"

#include <inttypes.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "lib/util.h"

enum { MINUTE_US = 60000000, SECOND_US = 1000000, HOUR_S = 3600 };

struct refusal {
	int64_t code; /* 0: none */
	const char *words;
};

static const struct refusal welcome = {0, NULL};

/* Whether one message more would be more than `most` in that time. */
static bool is_crowded(const struct robot_log *log, int64_t most,
		       int64_t span_us, int64_t now_us)
{
	if (log->count < most)
		return false;
	int64_t at = (log->count - most) % ROBOT_TIMES;
	return now_us - log->at_us[at] < span_us;
}

static void note(struct robot_log *log, int64_t now_us)
{
	log->at_us[log->count++ % ROBOT_TIMES] = now_us;
}

/* Whether `sign` is base64 of the HMAC, and `stamp` within an hour of now. */
static bool is_signed(const char *key, const char *text, const char *stamp,
		      int64_t units, const char *sign)
{
	unsigned char digest[EVP_MAX_MD_SIZE];
	unsigned char base64[EVP_MAX_MD_SIZE * 2];
	unsigned int len = 0;
	int64_t stamp_s = stamp ? strtoll(stamp, NULL, 10) / units : 0;
	int64_t off_s = llabs((long long)(time(NULL) - stamp_s));
	if (!sign || off_s > HOUR_S)
		return false;
	HMAC(EVP_sha256(), key, (int)strlen(key), (const unsigned char *)text,
	     strlen(text), digest, &len);
	EVP_EncodeBlock(base64, digest, (int)len);
	return strcmp((const char *)base64, sign) == 0;
}

static const char *inner_text(const cJSON *json, const char *object,
			      const char *name)
{
	return cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(
		cJSON_GetObjectItemCaseSensitive(json, object), name));
}

static bool is_value(const char *given, const char *right)
{
	return given && strcmp(given, right) == 0;
}

static struct refusal check_wecom(struct robot_log *log, const struct call *c)
{
	const char *type = call_member(c, "msgtype");
	bool is_markdown = is_value(type, "markdown");
	if (!is_value(call_param(c, "key"), ROBOT_WECOM_KEY))
		return (struct refusal){93000, "invalid webhook url"};
	if (!is_markdown && !is_value(type, "text"))
		return (struct refusal){40008, "invalid message type"};
	const char *content = inner_text(c->json, type, "content");
	if (!content || !content[0])
		return (struct refusal){44004, "text content is empty"};
	if (strlen(content) > (is_markdown ? 4096 : 2048))
		return (struct refusal){40058, "content exceed max length"};
	if (is_crowded(log, 20, MINUTE_US, c->arrived_us))
		return (struct refusal){45009, "api freq out of limit"};
	return welcome;
}

static struct refusal check_dingtalk(struct robot_log *log,
				     const struct call *c)
{
	const char *stamp = call_param(c, "timestamp");
	const char *type = call_member(c, "msgtype");
	bool is_markdown = is_value(type, "markdown");
	scoped_free char *text =
		xasprintf("%s\n" ROBOT_DINGTALK_SECRET, stamp ? stamp : "");
	if (!is_value(call_param(c, "access_token"), ROBOT_DINGTALK_TOKEN))
		return (struct refusal){300005, "token is not exist"};
	if (!is_signed(ROBOT_DINGTALK_SECRET, text, stamp, 1000,
		       call_param(c, "sign")))
		return (struct refusal){310000, "sign not match"};
	if (c->body.len > 20000)
		return (struct refusal){460101,
					"message too long, exceed 20000 bytes"};
	const char *said = inner_text(c->json, type ? type : "",
				      is_markdown ? "text" : "content");
	if (!said || (is_markdown && !inner_text(c->json, type, "title")))
		return (struct refusal){40035, "不合法的参数"};
	bool is_fast = is_crowded(log, 20, MINUTE_US, c->arrived_us);
	if (is_fast)
		log->silent_until_us = c->arrived_us + 10 * MINUTE_US;
	if (c->arrived_us < log->silent_until_us)
		return (struct refusal){
			130101, "send too fast, exceed 20 times per minute"};
	return welcome;
}

static struct refusal check_feishu(struct robot_log *log, const struct call *c)
{
	const char *stamp = call_member(c, "timestamp");
	const char *type = call_member(c, "msg_type");
	const char *token = strrchr(c->path, '/') + 1;
	scoped_free char *key =
		xasprintf("%s\n" ROBOT_FEISHU_SECRET, stamp ? stamp : "");
	if (!is_value(token, ROBOT_FEISHU_TOKEN))
		return (struct refusal){19001,
					"param invalid: incoming webhook access"
					" token invalid"};
	if (!is_signed(key, "", stamp, 1, call_member(c, "sign")))
		return (struct refusal){19021,
					"sign match fail or timestamp is not "
					"within one hour from current time"};
	bool is_card = is_value(type, "interactive") &&
		       cJSON_GetObjectItem(c->json, "card");
	bool is_text = is_value(type, "text") &&
		       inner_text(c->json, "content", "text");
	if (c->body.len > 20480 || (!is_card && !is_text))
		return (struct refusal){9499, "Bad Request"};
	if (is_crowded(log, 5, SECOND_US, c->arrived_us) ||
	    is_crowded(log, 100, MINUTE_US, c->arrived_us))
		return (struct refusal){11232, "too many request"};
	return welcome;
}

static const struct kind {
	const char *path;
	struct refusal (*check)(struct robot_log *log, const struct call *c);
	const char *code, *words; /* the members of its answers */
	const char *good;
} kinds[] = {
	{"/hook/wecom/", check_wecom, "errcode", "errmsg",
	 "{\"errcode\":0,\"errmsg\":\"ok\"}"},
	{"/hook/dingtalk/", check_dingtalk, "errcode", "errmsg",
	 "{\"errcode\":0,\"errmsg\":\"ok\"}"},
	{"/hook/feishu/", check_feishu, "code", "msg",
	 "{\"StatusCode\":0,\"StatusMessage\":\"success\",\"code\":0,"
	 "\"data\":{},\"msg\":\"success\"}"},
};

bool robot_serve(struct robot_post *post, struct call *c)
{
	struct robot_log *logs[] = {&post->wecom, &post->dingtalk,
				    &post->feishu};
	size_t i = 0;
	while (i < ARRAY_LEN(kinds) &&
	       strncmp(c->path, kinds[i].path, strlen(kinds[i].path)) != 0)
		i++;
	if (i == ARRAY_LEN(kinds))
		return false;
	struct refusal why = kinds[i].check(logs[i], c);
	if (!why.code) {
		note(logs[i], c->arrived_us);
		answer_set_text(&c->answer, kinds[i].good);
		return true;
	}
	cJSON *root = cJSON_CreateObject();
	cJSON_AddNumberToObject(root, kinds[i].code, (double)why.code);
	cJSON_AddStringToObject(root, kinds[i].words, why.words);
	answer_set_json(&c->answer, root);
	return true;
}
