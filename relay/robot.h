/*
 * What is known of the robots of group chats: how a URL bears their key, how
 * they want a request signed, how much and how often they take.
 *
 * Sources, looked up in November 2026:
 *	wecom	  developer.work.weixin.qq.com/document/path/91770 (form, 20 a
 *		  minute, 2048 and 4096 bytes)
 *	dingtalk  open.dingtalk.com/document/robots/custom-robot-access and
 *		  .../customize-robot-security-settings (20 a minute, else 10
 *		  minutes of silence; the signature), 20000 bytes by its
 *		  "message too long, exceed 20000 bytes"
 *	feishu	  open.feishu.cn/document/ukTMukTMukTM/ucTM5YjL3ETO24yNxkjN (100
 *		  a minute and 5 a second, 20 KB a request; the signature)
 *
 * Knows neither messages nor answers (relay/robot_text.h, relay/judge.h), and
 * keeps nothing.
 */
#pragma once

#include "relay/config_channel.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { ROBOT_TIME_LEN = 24, ROBOT_SIGN_LEN = 48 };

/* Goes with a request; wiped by whoever had it made. */
struct robot_sign {
	char time[ROBOT_TIME_LEN]; /* in the kind's unit */
	char sign[ROBOT_SIGN_LEN]; /* base64 */
};

enum { ROBOT_HOSTS_MAX = 2 };

struct robot {
	const char *name; /* "wecom": the word in the settings */
	const char *hosts[ROBOT_HOSTS_MAX]; /* where its platform is */
	const char *url_mark; /* stands in its URL right before the key */
	int at_once; /* one after the other, so that a group reads them so */
	int rate;    /* a second; 0: no limit */
	int per_minute;
	/* Bytes of what people read; if is_body_limited, as JSON has it, and
	 * with room for what is round it. */
	size_t text_max, markdown_max;
	bool is_body_limited;
	/* NULL: it knows no signature. */
	void (*sign)(const char *secret, int64_t wall_ms,
		     struct robot_sign *out);
};

/* NULL for WEBHOOK_STANDARD. */
const struct robot *robot_find(enum webhook_kind kind);

/* The robot whose platform a URL leads to; NULL if it is somebody else's. */
const struct robot *robot_of_url(const char *url);

/* The key in a robot's URL, and *len_out; NULL if there is none. */
const char *robot_url_key(const struct robot *robot, const char *url,
			  size_t *len_out);

/* How many bytes of any webhook's URL may be shown: up to its query, or to the
 * key that a robot has in the path. */
size_t robot_url_shown(const char *url);
