/*
 * `log` and `audit`: the newest lines, oldest first, and with --follow what is
 * added. Places are ids, so that nothing is shown twice and nothing left out.
 */
#include "lib/buf.h"
#include "lib/lang.h"
#include "lib/log.h"
#include "lib/text.h"
#include "lib/util.h"
#include "tui/fmt.h"
#include "tui/rows.h"
#include "tui/script.h"
#include "tui/script_json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { COLUMNS_MAX = 16, LOOK_EVERY_US = 250000, LEVEL_COLUMN = 2 };

enum kind { NUMBER, TIME, TEXT, RAW };

struct column {
	const char *name; /* NULL behind the last */
	enum kind kind;
	int cells; /* for people; 0: as it comes, -1: not */
};

static const struct source {
	struct column columns[COLUMNS_MAX];
	const char *newer, *older; /* the same columns; id is the first */
} log_source = {
	.columns = {{"id", NUMBER, -1},
		    {"at", TIME, 23},
		    {"level", TEXT, 5},
		    {"event", TEXT, 0},
		    {"fields", TEXT, 0}},
	.newer = "SELECT id, at, level, event, fields FROM outbox_log"
		 " WHERE id > $id ORDER BY id",
	.older = "SELECT id, at, level, event, fields FROM outbox_log"
		 " WHERE id < $id ORDER BY id DESC",
};

#define AUDIT_COLUMNS                                                   \
	"id, at, who, action, changed, skipped, filter, reason, fence," \
	" uid, tty, origin, act, CASE WHEN json_valid(ids) THEN ids END"

static const struct source audit_source = {
	.columns = {{"id", NUMBER, -1},
		    {"at", TIME, 23},
		    {"who", TEXT, 16},
		    {"action", TEXT, 8},
		    {"changed", NUMBER, 6},
		    {"skipped", NUMBER, 6},
		    {"filter", TEXT, 0},
		    {"reason", TEXT, 0},
		    {"fence", NUMBER, -1},
		    {"uid", NUMBER, -1},
		    {"tty", TEXT, -1},
		    {"origin", TEXT, -1},
		    {"act", TEXT, -1},
		    {"ids", RAW, -1}},
	.newer = "SELECT " AUDIT_COLUMNS " FROM outbox_audit"
		 " WHERE id > $id ORDER BY id",
	.older = "SELECT " AUDIT_COLUMNS " FROM outbox_audit"
		 " WHERE id < $id ORDER BY id DESC",
};

struct tail {
	const struct script_options *o; /* borrowed, as are the others */
	const struct source *source;
	struct db *db;
	struct db_stmt *newer, *older;
	enum log_level level;
	int64_t after; /* what is printed next is behind this id */
	int64_t left;  /* lines that may still be printed; -1: all */
};

static bool has_word(const struct tail *t, struct db_stmt *st, const char *word)
{
	for (int i = 0; t->source->columns[i].name; i++) {
		const char *text = db_text(st, i);
		if (t->source->columns[i].kind == TEXT && text &&
		    strcasestr(text, word))
			return true;
	}
	return false;
}

/* Words that must all occur, "-word" that must not. */
static bool has_words(const struct tail *t, struct db_stmt *st)
{
	if (!t->o->words)
		return true;
	scoped_free char *words = xstrdup(t->o->words);
	char *rest = words;
	for (char *word; (word = strsep(&rest, " ")) != NULL;) {
		bool is_negated = word[0] == '-' && word[1];
		if (*word && has_word(t, st, word + is_negated) == is_negated)
			return false;
	}
	return true;
}

static bool matches(const struct tail *t, struct db_stmt *st)
{
	enum log_level level = LOG_ERROR;
	if (t->source == &log_source &&
	    log_level_parse(db_text(st, LEVEL_COLUMN), &level) == 0 &&
	    level > t->level)
		return false;
	return has_words(t, st);
}

static void print_json(const struct tail *t, struct db_stmt *st)
{
	cJSON *json = cJSON_CreateObject();
	for (int i = 0; t->source->columns[i].name; i++) {
		const struct column *c = &t->source->columns[i];
		if (db_is_null(st, i))
			cJSON_AddNullToObject(json, c->name);
		else if (c->kind == RAW)
			cJSON_AddRawToObject(json, c->name, db_text(st, i));
		else if (c->kind == TEXT)
			script_json_text(json, c->name, db_text(st, i));
		else
			script_json_int(json, c->name, db_int(st, i));
	}
	script_json_print(json);
}

static char *clean(struct db_stmt *st, int column)
{
	const char *text = db_text(st, column);
	return text_clean(text ? text : "", text ? strlen(text) : 0);
}

static void print_tsv(const struct tail *t, struct db_stmt *st)
{
	for (int i = 0; t->source->columns[i].name; i++) {
		scoped_free char *text = clean(st, i);
		printf("%s%s", i ? "\t" : "", text);
	}
	putchar('\n');
}

static void print_text(const struct tail *t, struct db_stmt *st)
{
	scoped_buf line = {0};
	for (int i = 0; t->source->columns[i].name; i++) {
		const struct column *c = &t->source->columns[i];
		scoped_free char *text =
			c->kind == TIME
				? xstrdup(fmt_full(db_int(st, i), FMT_LOCAL).s)
				: clean(st, i);
		scoped_free char *padded =
			text_pad(text, c->cells > 0 ? (size_t)c->cells : 0);
		if (c->cells > 0)
			buf_addf(&line, "%s ", padded);
		else if (c->cells == 0 && *text)
			buf_addf(&line, "%s ", text);
	}
	while (line.len && line.data[line.len - 1] == ' ')
		line.data[--line.len] = '\0';
	puts(buf_str(&line));
}

static void print_line(const struct tail *t, struct db_stmt *st)
{
	if (t->o->is_json)
		print_json(t, st);
	else if (t->o->is_tsv)
		print_tsv(t, st);
	else
		print_text(t, st);
}

static void print_head(const struct tail *t)
{
	for (int i = 0; t->o->is_tsv && t->source->columns[i].name; i++)
		printf("%s%s", i ? "\t" : "", t->source->columns[i].name);
	if (t->o->is_tsv)
		putchar('\n');
}

/* Prints what is behind t->after. */
static int print_newer(void *arg, int64_t now_ms, int64_t deadline_us)
{
	struct tail *t = arg;
	int rc = 0;
	(void)now_ms;
	(void)deadline_us;
	scoped_stmt struct db_stmt *st = t->newer;
	db_bind(st, "$id", t->after);
	while (t->left != 0 && (rc = db_step(st)) == DB_ROW) {
		t->after = db_int(st, 0);
		if (!matches(t, st))
			continue;
		print_line(t, st);
		t->left -= t->left > 0;
	}
	return rc == DB_ROW ? 0 : rc;
}

/* Sets t->after so that as many lines as are wanted are behind it. */
static int find_start(void *arg, int64_t now_ms, int64_t deadline_us)
{
	struct tail *t = arg;
	int64_t found = 0, start = INT64_MAX;
	int rc = 0;
	(void)now_ms;
	(void)deadline_us;
	scoped_stmt struct db_stmt *st = t->older;
	db_bind(st, "$id", INT64_MAX);
	while (found < t->o->limit && (rc = db_step(st)) == DB_ROW) {
		if (found == 0 && start == INT64_MAX)
			start = db_int(st, 0) + 1;
		if (matches(t, st)) {
			start = db_int(st, 0);
			found++;
		}
	}
	t->after = start == INT64_MAX ? 0 : start - 1;
	return rc == DB_ROW ? 0 : rc;
}

static int follow(struct tail *t)
{
	int rc = 0;
	t->left = -1;
	while (rc == 0 || rc == DB_BUSY) {
		fflush(stdout);
		if (ferror(stdout))
			return 0;
		usleep(LOOK_EVERY_US);
		if (db_has_changed(t->db) || rc)
			rc = print_newer(t, 0, 0);
	}
	return rc;
}

static int print_tail(struct tail *t)
{
	t->newer = db_prepare(t->db, "newer", t->source->newer);
	t->older = db_prepare(t->db, "older", t->source->older);
	t->after = t->o->after;
	t->left = t->o->limit && t->o->after ? t->o->limit : -1;
	db_has_changed(t->db);
	print_head(t);
	int rc = 0;
	if (!t->o->after && t->o->limit)
		rc = script_work(find_start, t);
	if (rc == 0)
		rc = script_work(print_newer, t);
	if (rc == 0 && t->o->is_following)
		rc = follow(t);
	return rc ? script_trouble(t->o, t->db, rc) : EXIT_DONE;
}

static int run(const struct script_options *o, const struct source *source)
{
	struct tail t = {.o = o, .source = source, .level = LOG_DEBUG};
	if (o->level && log_level_parse(o->level, &t.level)) {
		script_complain(_("--level %s: give error, warn, info or "
				  "debug"),
				o->level);
		return EXIT_USAGE;
	}
	int rc = script_open(o, DB_READ, &t.db);
	if (rc)
		return rc;
	rc = print_tail(&t);
	db_close(t.db);
	return rc;
}

int script_log(const struct script_options *o)
{
	return run(o, &log_source);
}

int script_audit(const struct script_options *o)
{
	return run(o, &audit_source);
}
