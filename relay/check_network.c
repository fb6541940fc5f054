/* What can be reached: WeChat, whose clock is heard on the way, and the
 * receivers of webhooks, to which nothing is said. */
#include "relay/check.h"

#include "lib/clock.h"
#include "lib/util.h"
#include "relay/channel_kind.h"
#include "relay/http_reach.h"

#include <inttypes.h>
#include <string.h>

enum { CLOCK_OFF_MAX_S = 60 };

/* Scheme, host and port of a URL: what follows may be a key. */
static char *host_of(const char *url)
{
	const char *host = strstr(url, "//");
	host = host ? host + 2 : url;
	size_t len = strcspn(host, "/?#");
	return xstrndup(url, (size_t)(host - url) + len);
}

typedef void judge_fn(const struct http_answer *answer,
		      const struct judge_context *context,
		      struct judgement *out);

/* Judged as the relay would judge a request that met the same. */
static enum reason reason_of(const struct http_reach *reach, judge_fn *judge)
{
	static const enum http_fate fates[] = {
		[HTTP_REACH_NAME] = HTTP_NOT_SENT,
		[HTTP_REACH_CONNECTION] = HTTP_NOT_SENT,
		[HTTP_REACH_SCOPE] = HTTP_REFUSED,
		[HTTP_REACH_TLS] = HTTP_NOT_SENT,
		[HTTP_REACH_CERTIFICATE] = HTTP_UNTRUSTED,
		[HTTP_REACH_ANSWER] = HTTP_UNKNOWN,
		[HTTP_REACH_DONE] = HTTP_ANSWERED,
	};
	struct judgement j;
	judge(&(struct http_answer){.fate = fates[reach->failed],
				    .body = "",
				    .retry_after_ms = -1,
				    .error = reach->error},
	      &(struct judge_context){.attempts = 1}, &j);
	return j.reason;
}

static void tell_reach(struct check *c, enum check_topic topic, const char *url,
		       const char *name, const struct http_reach *reach,
		       judge_fn *judge)
{
	static const enum check_text texts[] = {
		[HTTP_REACH_NAME] = CHECK_NO_NAME,
		[HTTP_REACH_CONNECTION] = CHECK_NO_CONNECTION,
		[HTTP_REACH_SCOPE] = CHECK_NO_PUBLIC_ADDRESS,
		[HTTP_REACH_TLS] = CHECK_NO_TLS,
		[HTTP_REACH_CERTIFICATE] = CHECK_NO_TLS,
		[HTTP_REACH_ANSWER] = CHECK_NO_ANSWER,
		[HTTP_REACH_DONE] = CHECK_REACHED_TLS,
	};
	_Static_assert(ARRAY_LEN(texts) == HTTP_REACH_STEP_COUNT,
		       "one for each");
	scoped_free char *host = host_of(url);
	scoped_free char *what =
		name ? xasprintf("%s (%s)", name, host) : xstrdup(host);
	enum check_text text = texts[reach->failed];
	bool is_good = reach->failed == HTTP_REACH_DONE;
	if (is_good && strncmp(url, "https:", 6) != 0)
		text = CHECK_REACHED_PLAIN;
	CHECK_TELL(c, .finding = is_good ? CHECK_OK : CHECK_FAULT,
		   .topic = topic, .text = text, .args = {what, reach->error},
		   .reason = is_good ? REASON_NONE : reason_of(reach, judge));
}

static struct http_reach_request request_of(const struct config *config)
{
	const char *ca_file = config->wechat_ca_file;
	return (struct http_reach_request){
		.ca_file = *ca_file ? ca_file : NULL,
		.connect_timeout_ms = config->connect_timeout_ms,
		.timeout_ms = config->timeout_ms,
		.scope = ADDRESS_ANYWHERE,
	};
}

void check_network(struct check *c)
{
	struct http_reach_request request = request_of(&c->config);
	struct http_reach reach;
	scoped_free char *url = xasprintf("%s/", c->config.wechat_base_url);
	request.url = url;
	http_reach(&request, &reach);
	c->asked_at_s = clock_wall_ms() / 1000;
	c->wechat_time_s = reach.time_s;
	tell_reach(c, CHECK_TOPIC_NETWORK, url, NULL, &reach, judge_token);
}

void check_webhooks(struct check *c)
{
	for (size_t i = 0; i < c->config.channel_count; i++) {
		const struct config_channel *channel = &c->config.channels[i];
		if (!channel->url[0])
			continue;
		struct http_reach_request request = request_of(&c->config);
		struct http_reach reach;
		request.url = channel->url;
		request.scope = channel_webhook_scope(channel);
		request.is_silent = true;
		http_reach(&request, &reach);
		tell_reach(c, CHECK_TOPIC_WEBHOOK, channel->url, channel->name,
			   &reach, judge_webhook);
	}
}

void check_clock(struct check *c)
{
	if (!c->asked_at_s) /* WeChat is not used */
		return;
	int64_t ahead_s = c->asked_at_s - c->wechat_time_s;
	int64_t off_s = ahead_s < 0 ? -ahead_s : ahead_s;
	scoped_free char *off = xasprintf("%" PRId64, off_s);
	if (!c->wechat_time_s)
		CHECK_TELL(c, .finding = CHECK_SKIPPED,
			   .topic = CHECK_TOPIC_CLOCK, .text = CHECK_SKIP_DATE);
	else if (off_s > CLOCK_OFF_MAX_S)
		CHECK_TELL(c, .finding = CHECK_FAULT,
			   .topic = CHECK_TOPIC_CLOCK,
			   .text = ahead_s > 0 ? CHECK_CLOCK_FAST
					       : CHECK_CLOCK_SLOW,
			   .args = {off}, .reason = REASON_CLOCK_OFF);
	else
		CHECK_TELL(c, .topic = CHECK_TOPIC_CLOCK,
			   .text = CHECK_CLOCK_GOOD);
}
