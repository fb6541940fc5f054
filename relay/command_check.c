/*
 * outbox-relay check: everything that an operator can get wrong, one line each,
 * with what to do about it. Writes nothing anywhere.
 */
#include "relay/command.h"

#include "lib/buf.h"
#include "lib/clock.h"
#include "lib/log.h"
#include "lib/util.h"
#include "relay/http.h"
#include "relay/loop.h"
#include "relay/share.h"
#include "relay/token.h"
#include "schema/migrate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum finding { FINE, WARNING, WRONG };

/* One line of the report, and the next one with the remedy if there is one. */
static void tell(enum finding *worst, enum finding finding, const char *topic,
		 const char *text, const char *remedy)
{
	static const char *const words[] = {
		[FINE] = "ok",
		[WARNING] = "warn",
		[WRONG] = "WRONG",
	};
	printf("%-5s  %-9s  %s\n", words[finding], topic, text);
	if (remedy && remedy[0])
		printf("       %-9s  -> %s\n", "", remedy);
	*worst = MAX(*worst, finding);
}

static void check_settings(enum finding *worst, const struct options *options,
			   struct config *config, bool *is_loaded)
{
	struct config_problems problems = {0};
	*is_loaded = config_load(config, options->env_files,
				 options->env_file_count, &problems) == 0;
	if (*is_loaded) {
		config_missing_for_wechat(config, &problems);
		if (options->db) {
			free(config->db_path);
			config->db_path = xstrdup(options->db);
		}
	}
	for (size_t i = 0; i < problems.count; i++) {
		const struct config_problem *p = &problems.list[i];
		scoped_free char *text = xasprintf("%s: %s", p->where, p->text);
		tell(worst, p->severity == CONFIG_ERROR ? WRONG : WARNING,
		     "settings", text, NULL);
	}
	if (problems.count == 0)
		tell(worst, FINE, "settings",
		     config_get_source(config, "MINIPROGRAM_APPSECRET"), NULL);
	config_problems_finish(&problems);
}

static void check_sqlite(enum finding *worst)
{
	bool is_fixed = db_sqlite_is_fixed(db_sqlite_version_number());
	scoped_free char *text = xasprintf(
		"SQLite %s%s", db_sqlite_version(),
		is_fixed ? ""
			 : " has the WAL-reset bug; the relay works round it");
	if (is_fixed)
		tell(worst, FINE, "sqlite", text, NULL);
	else
		tell(worst, WARNING, "sqlite", text,
		     "let the CRM's connections set PRAGMA "
		     "wal_autocheckpoint=0: the relay checkpoints for them");
}

static void check_sharing(enum finding *worst, const char *path)
{
	scoped_buf what = {0};
	scoped_free char *remedy = xasprintf(
		"outbox-relay init --db %s --group GROUP, GROUP being that of "
		"CRM, relay and operators",
		path);
	switch (share_look(path, &what)) {
	case SHARE_PRIVATE:
	case SHARE_GROUP:
		tell(worst, FINE, "sharing", buf_str(&what), NULL);
		break;
	case SHARE_BROKEN:
		tell(worst, WRONG, "sharing", buf_str(&what), remedy);
		break;
	}
}

static void check_database(enum finding *worst, const char *path)
{
	struct db *db = NULL;
	enum schema_state state;
	scoped_free char *init = xasprintf("outbox-relay init --db %s", path);
	int rc = db_open(&db, path, DB_READ, COMMAND_PATIENT_MS);
	if (rc == DB_MISSING) {
		scoped_free char *text = xasprintf("%s: no such file", path);
		tell(worst, WRONG, "database", text, init);
		return;
	}
	if (rc == 0)
		rc = schema_look(db, &state);
	if (rc) {
		scoped_free char *text =
			xasprintf("%s: cannot be read as a database", path);
		tell(worst, WRONG, "database", text,
		     "look at the file's permissions, and at what made it");
	} else if (state != SCHEMA_CURRENT) {
		tell(worst, WRONG, "database", schema_explain(state), NULL);
	} else {
		tell(worst, access(path, W_OK) == 0 ? FINE : WRONG, "database",
		     path,
		     access(path, W_OK) == 0
			     ? NULL
			     : "this user cannot write it: run the relay as "
			       "its "
			       "owner or as a member of its group");
		check_sharing(worst, path);
	}
	db_close(db);
}

/* Fetches a token once, the way the relay does. */
static void fetch(enum finding *worst, struct loop *loop, struct http *http,
		  struct token *token)
{
	token_tick(token, clock_mono_ms());
	while (token_is_fetching(token)) {
		if (loop_wait(loop, http_deadline_us(http)) < 0)
			break;
		http_advance(http, clock_mono_us());
	}
	if (token_state(token, clock_mono_ms()) == TOKEN_READY) {
		tell(worst, FINE, "token", "WeChat gives an access token",
		     NULL);
		return;
	}
	const struct judgement *trouble = token_trouble(token);
	scoped_free char *text =
		xasprintf("%s (%s)", reason_cause(trouble->reason, REASON_EN),
			  trouble->detail);
	tell(worst, WRONG, "token", text,
	     reason_remedy(trouble->reason, REASON_EN));
}

static void check_token(enum finding *worst, const struct config *config)
{
	if (config->wechat_token == WECHAT_TOKEN_CLASSIC) {
		tell(worst, WARNING, "token",
		     "not asked for: with WECHAT_TOKEN=classic a new token "
		     "would end the one that is in use",
		     "use WECHAT_TOKEN=stable, which WeChat recommends");
		return;
	}
	struct loop *loop = NULL;
	struct http *http = NULL;
	struct http_options options = {
		.ca_file = config->wechat_ca_file[0] ? config->wechat_ca_file
						     : NULL,
		.connect_timeout_ms = config->connect_timeout_ms,
		.timeout_ms = config->timeout_ms,
		.connections_kept = 1,
	};
	if (loop_create(&loop) == 0 &&
	    http_create(&http, loop, &options) == 0) {
		struct token *token =
			token_create(config, http, (struct token_ration){0});
		fetch(worst, loop, http, token);
		http_destroy(http);
		token_destroy(token);
	}
	loop_destroy(loop);
}

int command_check(const struct options *options)
{
	enum finding worst = FINE;
	struct config config = {0};
	bool is_loaded = false;
	/* What is wrong is said in the report, not beside it. */
	log_mute();
	check_settings(&worst, options, &config, &is_loaded);
	check_sqlite(&worst);
	if (is_loaded) {
		check_database(&worst, config.db_path);
		if (config.appid[0] && config.appsecret[0])
			check_token(&worst, &config);
	}
	config_finish(&config);
	return worst == WRONG ? EXIT_FAILED : EXIT_DONE;
}
