/*
 * The settings: one plain struct, read from .env files and the environment.
 *
 * The table behind it (relay/config_table.c) has one row a setting. This knows
 * where values come from and what is wrong with them; it refuses to act on
 * them, to log, and to know which databases there are. The struct owns all its
 * strings; none of them is NULL after a successful load.
 */
#pragma once

#include "lib/log.h"
#include "relay/config_alert.h"
#include "relay/config_channel.h"
#include "relay/config_problem.h"
#include "relay/config_template.h"

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum { CONFIG_DURATIONS_MAX = 32, CONFIG_ROUTES_MAX = 256 };

/* Which version of the mini-program a message opens. */
enum wechat_state {
	WECHAT_STATE_DEVELOPER,
	WECHAT_STATE_TRIAL,
	WECHAT_STATE_FORMAL
};

/* Which endpoint gives access tokens. */
enum wechat_token { WECHAT_TOKEN_STABLE, WECHAT_TOKEN_CLASSIC };

struct config_durations {
	int64_t ms[CONFIG_DURATIONS_MAX];
	size_t count; /* at least 1 */
};

/* The type of a route for all types that have none; it stands in place of
 * struct config's channel. */
#define CONFIG_ANY_TYPE "*"

/* Where rows of one type go. */
struct config_route {
	char *type;	      /* own */
	char *channel;	      /* own */
	char *recipient_path; /* own; NULL: the general recipient_path */
};

struct config_routes {
	struct config_route *list; /* own; NULL when there are none */
	size_t count;
};

struct config {
	char *db_path;	      /* own */
	char *channel;	      /* own; of rows that name none */
	char *recipient_path; /* own; JSON path, begins with '$' */
	struct config_routes routes;

	char *appid;	 /* own; "" if missing or refused, see below */
	char *appsecret; /* own; the same; wiped when freed */
	char *cloud_env; /* own; the same */

	char *wechat_base_url; /* own; without a slash at the end */
	char *wechat_ca_file;  /* own; "": the system's */
	char *wechat_function; /* own */
	enum wechat_token wechat_token;
	int forced_refreshes_per_day;

	enum wechat_state subscribe_state;
	char *subscribe_collection; /* own */
	/* One or two fields of it, a blank between, the first one first. */
	char *subscribe_id_fields;	   /* own; what may be the recipient */
	char *subscribe_openid_fields;	   /* own; what may be the openid */
	int64_t subscribe_cache_ms;	   /* of openids; 0: none are kept */
	struct config_template *templates; /* own */
	size_t template_count;

	/* channels[0] is wechat-cloud, then comes wechat-subscribe if there is
	 * a template, then the webhooks by name. */
	struct config_channel *channels; /* own */
	size_t channel_count;

	/* What channels have that are not set otherwise. */
	int concurrency;
	int rate; /* a second; 0: no limit, here and below */
	int per_minute;
	int per_day;
	int64_t life_ms;
	int max_attempts;
	bool is_order_held;

	struct config_durations backoff;
	int jitter_percent;
	int breaker_failures; /* in a row; 0: no breaker */
	struct config_durations breaker_pause;
	int64_t connect_timeout_ms;
	int64_t timeout_ms;
	int64_t drain_timeout_ms;
	int64_t poll_ms;
	int64_t heartbeat_ms;
	int64_t retry_after_max_ms;
	int64_t probe_ms; /* 0: what WeChat's fact sheet gives */
	enum log_level log_level;
	enum log_format log_format;

	int64_t keep_delivered_ms; /* 0: for ever, here and below */
	int64_t keep_failed_ms;	   /* expired and cancelled rows too */
	int64_t keep_log_ms;
	int max_log_rows; /* 0: no limit, here and below */
	int max_attempt_rows;
	int max_db_mb;

	struct config_alert alert;

	struct config_origin *origins; /* own; one a row of the table */
};

enum { CONFIG_INVALID = 1 };

/* Reads the settings: defaults, then the files in their order, then the
 * environment, the later the stronger. With file_count 0 it reads .env of the
 * working directory if there is one; a file given by name must be there. An
 * empty value stands for the default.
 *
 * Returns 0, or CONFIG_INVALID when there is any error; out is untouched then.
 * Adds everything found to problems, warnings too. A missing or placeholder
 * AppID, AppSecret or cloud environment is no problem here: ask
 * config_missing_for_wechat. Secrets adopted are given to secret_set. */
int config_load(struct config *out, const char *const *files, size_t file_count,
		struct config_problems *problems);

/* Wipes secrets and frees everything. NULL and zeroed structs are fine. */
void config_finish(struct config *config);

/* Adds an error, with what to do about it, for each setting that WeChat cannot
 * do without and that is missing or a placeholder. Returns how many. */
size_t config_missing_for_wechat(const struct config *config,
				 struct config_problems *problems);

/* The names of those settings, with commas between; the caller frees. NULL if
 * none is missing. */
char *config_list_missing(const struct config *config);

/* The route of exactly that type, or NULL. Borrowed. */
const struct config_route *config_find_route(const struct config *config,
					     const char *type);

/* Where rows of that type go that name no channel. Borrowed. */
const char *config_channel_of(const struct config *config, const char *type);

/* Whether rows that name no channel may go to this one. */
bool config_is_routed(const struct config *config, const char *channel);

/* Whether they may go to one that needs the mini-program's account. */
bool config_is_wechat_routed(const struct config *config);

/* Where a setting's value is from: "backend/.env:12", "environment" or
 * "default". Borrowed from config; NULL if no setting has that name. */
const char *config_get_source(const struct config *config, const char *name);

/* Whether a credential was given, but not taken, as it cannot be real. */
bool config_is_refused(const struct config *config, const char *name);

/* For --help: each setting with type, bounds, default and meaning. */
void config_print_help(FILE *out);

/* A .env file with every setting commented out at its default. */
void config_print_sample(FILE *out);

/* The list of the manual page, in man(7) macros. */
void config_print_man(FILE *out);

/* Every value in force and its source, as a .env file; secrets as ***. */
void config_print(const struct config *config, FILE *out);
