/*
 * The inside of `outbox-relay check`: what its parts share. Each part looks at
 * one thing and tells a line or several; none of them writes anything anywhere,
 * and only check_message sends.
 *
 * A line has a finding, a topic, a text of relay/check_table.h and, when it is
 * not well, a reason of lib/reason.h with its cause and remedy. All of it is
 * cleaned and without secrets before it is printed, in lib/lang.h's language.
 */
#pragma once

#include "lib/buf.h"
#include "lib/reason.h"
#include "relay/command.h"
#include "relay/config.h"
#include "relay/http.h"
#include "relay/judge.h"

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stdint.h>

enum check_finding {
	CHECK_OK,
	CHECK_SKIPPED, /* could not be looked at, for what stands above */
	CHECK_WARNING,
	CHECK_FAULT,
	CHECK_FINDING_COUNT
};

enum check_topic {
#define CHECK_TOPIC(name, ...) CHECK_TOPIC_##name,
#define CHECK_TEXT(name, ...)
#include "relay/check_table.h"
#undef CHECK_TOPIC
#undef CHECK_TEXT
	CHECK_TOPIC_COUNT
};

enum check_text {
#define CHECK_TOPIC(name, ...)
#define CHECK_TEXT(name, ...) CHECK_##name,
#include "relay/check_table.h"
#undef CHECK_TOPIC
#undef CHECK_TEXT
	CHECK_TEXT_COUNT
};

enum { CHECK_ARGS_MAX = 3 };

struct check_line {
	enum check_finding finding;
	enum check_topic topic;
	enum check_text text;
	const char *args[CHECK_ARGS_MAX]; /* borrowed; for {1}, {2}, {3} */
	enum reason reason; /* its cause and remedy follow; or none */
};

struct check {
	const struct options *options;
	enum check_finding worst; /* of the lines told */
	bool is_loaded;		  /* the settings, without an error */
	struct config config;	  /* own */
	bool is_relay_possible;	  /* one runs, or may run unseen */
	bool is_whitelist_told;	  /* with the token, or its refusal */
	bool has_account; /* AppID, AppSecret and environment are there */
	struct db *db;	  /* own; NULL: no outbox that can be read */
	struct check_wire *wire; /* own; NULL before check_wire_open */
	bool is_template_asked;	 /* WeChat, for the account's: */
	cJSON *templates;	 /* own; NULL: it did not tell */
	int64_t wechat_time_s;	 /* of its answer, since 1970; 0: none came */
	int64_t asked_at_s;	 /* this host's clock at that moment */
};

/* Prints a line. */
void check_tell(struct check *c, const struct check_line *line);
#define CHECK_TELL(c, ...) \
	check_tell((c), &(const struct check_line){__VA_ARGS__})

/* The parts, in the order of the report. Those of WeChat need check_token to
 * have found one. */
void check_settings(struct check *c, struct config_problems *problems);
void check_database(struct check *c); /* SQLite and sharing, too */
void check_relay(struct check *c);
void check_channels(struct check *c);
void check_appsecret(struct check *c, const struct config_problems *problems);
void check_network(struct check *c);   /* hears WeChat's time */
bool check_token(struct check *c);     /* the white list, too; false: none */
bool check_function(struct check *c);  /* the environment, too; false: no answer
					  that tells that it is there */
void check_cloud(struct check *c);     /* template, users, recipients */
void check_subscribe(struct check *c); /* the same of wechat-subscribe */
void check_permission(struct check *c, const char *channel);
void check_message(struct check *c, const char *user);
void check_webhooks(struct check *c);
void check_clock(struct check *c);
