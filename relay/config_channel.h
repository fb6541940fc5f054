/*
 * The settings of one channel: what RELAY_ settings say for every channel, and
 * over it what WECHAT_CLOUD_, WECHAT_SUBSCRIBE_ or WEBHOOK_<NAME>_ ones say for
 * this one.
 *
 * Plain data, owned by struct config. Which channels there are is known here
 * and nowhere else: wechat-cloud; wechat-subscribe, if there is a template; and
 * a webhook for every WEBHOOK_<NAME>_URL.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct config;

enum { CONFIG_CHANNEL_NAME_MAX = 32 };

/* What a webhook's receiver expects. */
enum webhook_kind {
	WEBHOOK_STANDARD,
	WEBHOOK_WECOM,
	WEBHOOK_DINGTALK,
	WEBHOOK_FEISHU,
	WEBHOOK_KIND_COUNT
};

struct config_channel {
	char *name; /* own; "wechat-cloud", or <name> of a webhook in lower
		       case, '_' as '-' */
	const char *kind; /* "wechat-cloud", "webhook", "wecom", ... */
	int at_once;	  /* most on the wire */
	int rate;	  /* most a second; 0: no limit, here and below */
	int per_minute;
	int per_day; /* the day is Shanghai's */
	int64_t life_ms;
	int max_attempts;
	bool is_order_held;	/* a dead letter holds its ordering_key */
	bool is_minute_rolling; /* per_minute is of any sixty seconds */

	/* of a webhook, else "" */
	char *url;     /* own */
	char *secrets; /* own; one or several, blanks between; wiped */
	enum webhook_kind webhook_kind;
	bool is_private_allowed; /* its address may be of a private network */

	/* own; one a row of the table; zeroed where only the general setting
	 * was given */
	struct config_origin *origins;
};

/* The channel of that name, or NULL. Borrowed from config. */
const struct config_channel *config_find_channel(const struct config *config,
						 const char *name);
