/*
 * outbox-relay check: everything that an operator can get wrong, one line each,
 * with what to do about it. Writes nothing anywhere.
 */
#include "relay/check_wire.h"

#include "lib/lang.h"
#include "lib/log.h"
#include "lib/util.h"
#include "schema/db.h"

#include <stdlib.h>
#include <string.h>

static const char cloud_channel[] = "wechat-cloud";

/* Says of all that lies behind what failed that it was not looked at. */
static void skip_from(struct check *c, enum check_topic first,
		      enum check_text why)
{
	static const enum check_topic topics[] = {
		CHECK_TOPIC_WHITELIST, CHECK_TOPIC_ENVIRONMENT,
		CHECK_TOPIC_FUNCTION,  CHECK_TOPIC_TEMPLATE,
		CHECK_TOPIC_USERS,     CHECK_TOPIC_RECIPIENT,
	};
	for (size_t i = 0; i < ARRAY_LEN(topics); i++) {
		if (topics[i] >= first)
			CHECK_TELL(c, .finding = CHECK_SKIPPED,
				   .topic = topics[i], .text = why);
	}
}

static void check_function_and_more(struct check *c)
{
	if (!config_is_routed(&c->config, cloud_channel)) {
		CHECK_TELL(c, .finding = CHECK_SKIPPED,
			   .topic = CHECK_TOPIC_FUNCTION,
			   .text = CHECK_SKIP_UNUSED, .args = {cloud_channel});
		return;
	}
	if (check_function(c))
		check_cloud(c);
	else
		skip_from(c, CHECK_TOPIC_TEMPLATE, CHECK_SKIP_FUNCTION);
	check_permission(c, cloud_channel);
}

static void check_wechat(struct check *c)
{
	const char *user = c->options->send_to;
	check_network(c);
	if (check_token(c)) {
		check_function_and_more(c);
		check_subscribe(c);
		if (user)
			check_message(c, user);
		return;
	}
	skip_from(c,
		  c->is_whitelist_told ? CHECK_TOPIC_ENVIRONMENT
				       : CHECK_TOPIC_WHITELIST,
		  CHECK_SKIP_TOKEN);
	if (user)
		CHECK_TELL(c, .finding = CHECK_FAULT,
			   .topic = CHECK_TOPIC_MESSAGE,
			   .text = CHECK_SKIP_TOKEN);
}

/* An account that is there is looked at whether it is used or not. */
static void check_wechat_if_any(struct check *c,
				const struct config_problems *problems)
{
	if (c->has_account || config_is_wechat_routed(&c->config)) {
		check_appsecret(c, problems);
		check_wechat(c);
		return;
	}
	CHECK_TELL(c, .finding = CHECK_SKIPPED, .topic = CHECK_TOPIC_TOKEN,
		   .text = CHECK_WECHAT_UNUSED);
	if (c->options->send_to)
		CHECK_TELL(c, .finding = CHECK_FAULT,
			   .topic = CHECK_TOPIC_MESSAGE,
			   .text = CHECK_WECHAT_UNUSED);
}

static void check_all(struct check *c)
{
	struct config_problems problems = {0};
	check_settings(c, &problems);
	check_database(c);
	if (c->is_loaded) {
		check_relay(c);
		check_channels(c);
		check_wechat_if_any(c, &problems);
		check_webhooks(c);
		check_clock(c);
	}
	config_problems_finish(&problems);
}

int command_check(const struct options *options)
{
	struct check c = {.options = options};
	if (lang_init(options->lang) != 0) {
		command_complain("--lang %s: en or zh", options->lang);
		return EXIT_USAGE;
	}
	/* What is wrong is said in the report, not beside it. */
	log_mute();
	check_all(&c);
	check_wire_close(c.wire);
	cJSON_Delete(c.templates);
	db_close(c.db);
	config_finish(&c.config);
	return c.worst == CHECK_FAULT ? EXIT_FAILED : EXIT_DONE;
}
