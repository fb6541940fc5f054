#include "relay/robot.h"

#include "lib/buf.h"
#include "lib/secret.h"
#include "lib/util.h"

#include <assert.h>
#include <inttypes.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdio.h>
#include <string.h>

static const char path_mark[] = "/bot/v2/hook/";

enum { DIGEST_LEN = 32 };

static void hmac(const struct buf *key, const char *text, size_t len,
		 char out[ROBOT_SIGN_LEN])
{
	unsigned char digest[DIGEST_LEN];
	unsigned int digest_len = 0;
	const unsigned char *done =
		HMAC(EVP_sha256(), key->data, (int)key->len,
		     (const unsigned char *)text, len, digest, &digest_len);
	assert(done && digest_len == DIGEST_LEN);
	EVP_EncodeBlock((unsigned char *)out, digest, DIGEST_LEN);
}

static void wipe(struct buf *b)
{
	secret_wipe(b->data, b->len);
	buf_finish(b);
}

/* HMAC-SHA256 of "time\nsecret" with the secret as its key; milliseconds. */
static void sign_dingtalk(const char *secret, int64_t wall_ms,
			  struct robot_sign *out)
{
	struct buf key = {0};
	struct buf text = {0};
	snprintf(out->time, sizeof(out->time), "%" PRId64, wall_ms);
	buf_adds(&key, secret);
	buf_addf(&text, "%s\n%s", out->time, secret);
	hmac(&key, text.data, text.len, out->sign);
	wipe(&key);
	wipe(&text);
}

/* HMAC-SHA256 of nothing, with "time\nsecret" as its key; seconds. */
static void sign_feishu(const char *secret, int64_t wall_ms,
			struct robot_sign *out)
{
	struct buf key = {0};
	snprintf(out->time, sizeof(out->time), "%" PRId64, wall_ms / 1000);
	buf_addf(&key, "%s\n%s", out->time, secret);
	hmac(&key, "", 0, out->sign);
	wipe(&key);
}

static const struct robot robots[WEBHOOK_KIND_COUNT] = {
	[WEBHOOK_WECOM] =
		{
			.name = "wecom",
			.hosts = {"qyapi.weixin.qq.com"},
			.url_mark = "key=",
			.at_once = 1,
			.per_minute = 20,
			.text_max = 2048,
			.markdown_max = 4096,
		},
	[WEBHOOK_DINGTALK] =
		{
			.name = "dingtalk",
			.hosts = {"oapi.dingtalk.com"},
			.url_mark = "access_token=",
			.at_once = 1,
			.per_minute = 20,
			.text_max = 19000,
			.markdown_max = 19000,
			.is_body_limited = true,
			.sign = sign_dingtalk,
		},
	[WEBHOOK_FEISHU] =
		{
			.name = "feishu",
			.hosts = {"open.feishu.cn", "open.larksuite.com"},
			.url_mark = path_mark,
			.at_once = 1,
			.rate = 5,
			.per_minute = 100,
			.text_max = 19000,
			.markdown_max = 19000,
			.is_body_limited = true,
			.sign = sign_feishu,
		},
};

const struct robot *robot_find(enum webhook_kind kind)
{
	assert(kind < WEBHOOK_KIND_COUNT);
	return robots[kind].name ? &robots[kind] : NULL;
}

static bool has_host(const struct robot *robot, const char *host, size_t len)
{
	for (size_t i = 0; i < ROBOT_HOSTS_MAX && robot->hosts[i]; i++) {
		if (strlen(robot->hosts[i]) == len &&
		    strncasecmp(robot->hosts[i], host, len) == 0)
			return true;
	}
	return false;
}

const struct robot *robot_of_url(const char *url)
{
	const char *host = strstr(url, "//");
	size_t len = host ? strcspn(host + 2, ":/?") : 0;
	for (size_t i = 0; i < WEBHOOK_KIND_COUNT && len; i++) {
		if (robots[i].name && has_host(&robots[i], host + 2, len))
			return &robots[i];
	}
	return NULL;
}

/* A parameter's name stands behind '?' or '&', a part of the path anywhere. */
static const char *find_mark(const char *url, const char *mark)
{
	const char *at = url;
	while ((at = strstr(at, mark))) {
		bool is_whole =
			*mark == '/' || (at > url && strchr("?&", at[-1]));
		if (is_whole)
			return at + strlen(mark);
		at++;
	}
	return NULL;
}

const char *robot_url_key(const struct robot *robot, const char *url,
			  size_t *len_out)
{
	const char *key = find_mark(url, robot->url_mark);
	*len_out = key ? strcspn(key, "&?/") : 0;
	return *len_out ? key : NULL;
}

size_t robot_url_shown(const char *url)
{
	size_t len = strcspn(url, "?");
	const char *key = find_mark(url, path_mark);
	len += url[len] == '?';
	return key ? MIN(len, (size_t)(key - url)) : len;
}
