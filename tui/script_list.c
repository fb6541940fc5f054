/*
 * `list`: rows that pass a filter, newest first, from one walk; what was
 * printed is never held in memory.
 */
#include "lib/buf.h"
#include "lib/clock.h"
#include "lib/lang.h"
#include "lib/text.h"
#include "lib/util.h"
#include "tui/fmt.h"
#include "tui/script.h"
#include "tui/script_json.h"
#include "tui/walk.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct list {
	const struct script_options *o; /* borrowed */
	struct walk *walk;		/* own */
	int64_t count, last, now_ms;
	bool is_truncated;
};

/* A column of the text and of the TSV. */
struct column {
	const char *name;  /* of the TSV, as in the JSON */
	const char *title; /* of the text, not yet translated; NULL: only TSV */
	size_t cells;	   /* 0: as it comes */
};

/* clang-format off */
static const struct column columns[] = {
	{"id", N_("column|ID"), 9},
	{"state", N_("column|STATE"), 9},
	{"channel", N_("column|CHANNEL"), 16},
	{"type", NULL, 0},
	{"recipient", N_("column|TO"), 13},
	{"ordering_key", NULL, 0},
	{"dedup_key", NULL, 0},
	{"priority", NULL, 0},
	{"attempts", N_("column|TRY"), 5},
	{"max_attempts", NULL, 0},
	{"generation", NULL, 0},
	{"version", NULL, 0},
	{"created_at", N_("column|AGE"), 6},
	{"updated_at", NULL, 0},
	{"due_at", NULL, 0},
	{"expires_at", NULL, 0},
	{"delivered_at", NULL, 0},
	{"reason", NULL, 0},
	{"error", N_("column|LAST ERROR"), 0},
};
/* clang-format on */

static char *number(int64_t n)
{
	return xasprintf("%lld", (long long)n);
}

static char *maybe(int64_t n)
{
	return n ? number(n) : xstrdup("");
}

static char *clean(const char *text)
{
	return text_clean(text ? text : "", text ? strlen(text) : 0);
}

/* The values in the order of the columns, as they are in the JSON. */
static void values_of(const struct row *row, bool is_unmasked,
		      char *out[ARRAY_LEN(columns)])
{
	scoped_free char *recipient = row_recipient(row, is_unmasked);
	char *values[ARRAY_LEN(columns)] = {
		number(row->id),
		xstrdup(message_status_name(row->status)),
		clean(row->channel),
		clean(row->type),
		clean(recipient),
		clean(row->ordering_key),
		clean(row->dedup_key),
		number(row->priority),
		number(row->attempts),
		maybe(row->max_attempts),
		number(row->generation),
		number(row->version),
		number(row->created_at_ms),
		number(row->updated_at_ms),
		number(row->due_at_ms),
		maybe(row->expires_at_ms),
		maybe(row->delivered_at_ms),
		clean(row->last_reason),
		clean(row->last_error),
	};
	memcpy(out, values, sizeof(values));
}

static void print_tsv(const struct list *l, const struct row *row)
{
	char *values[ARRAY_LEN(columns)];
	values_of(row, l->o->is_unmasked, values);
	for (size_t i = 0; i < ARRAY_LEN(columns); i++) {
		printf("%s%s", i ? "\t" : "", values[i]);
		free(values[i]);
	}
	putchar('\n');
}

/* What a person reads in place of the number or the stored text. */
static char *for_person(const struct list *l, const struct row *row,
			const char *name, const char *value)
{
	if (!strcmp(name, "created_at"))
		return xstrdup(fmt_span(l->now_ms - row->created_at_ms).s);
	if (!strcmp(name, "state"))
		return xstrdup(script_state(row->status));
	if (!strcmp(name, "attempts") && row->max_attempts)
		return xasprintf("%lld/%lld", (long long)row->attempts,
				 (long long)row->max_attempts);
	if (!strcmp(name, "error")) {
		scoped_free char *error = row_error(row);
		return clean(error);
	}
	return xstrdup(value);
}

static void print_cell(const struct column *column, const char *text)
{
	scoped_free char *padded =
		column->cells ? text_pad(text, column->cells) : xstrdup(text);
	printf("%s%s", padded, column->cells ? " " : "\n");
}

static void print_text(const struct list *l, const struct row *row)
{
	char *values[ARRAY_LEN(columns)];
	values_of(row, l->o->is_unmasked, values);
	for (size_t i = 0; i < ARRAY_LEN(columns); i++) {
		scoped_free char *text =
			for_person(l, row, columns[i].name, values[i]);
		if (columns[i].title)
			print_cell(&columns[i], text);
		free(values[i]);
	}
}

static void print_row(const struct list *l, const struct row *row)
{
	if (l->o->is_tsv) {
		print_tsv(l, row);
	} else if (l->o->is_json) {
		fputs(l->count ? ",\n" : "\n", stdout);
		script_json_write(script_json_row(row, l->o->is_unmasked));
	} else {
		print_text(l, row);
	}
}

static void print_head(const struct script_options *o)
{
	if (o->is_json)
		fputs("{\"rows\":[", stdout);
	for (size_t i = 0; !o->is_json && i < ARRAY_LEN(columns); i++) {
		if (o->is_tsv)
			printf("%s%s", i ? "\t" : "", columns[i].name);
		else if (columns[i].title)
			print_cell(&columns[i], C_(columns[i].title));
	}
	if (o->is_tsv)
		putchar('\n');
}

static void print_foot(const struct list *l)
{
	if (l->o->is_json)
		printf("%s],\"count\":%lld,\"truncated\":%s}\n",
		       l->count ? "\n" : "", (long long)l->count,
		       l->is_truncated ? "true" : "false");
	else if (l->is_truncated)
		script_complain(_("there are more: --after %lld goes on, "
				  "--limit 0 has no end"),
				(long long)l->last);
}

static bool visit(void *arg, struct db_stmt *st, const struct walk_at *at)
{
	struct list *l = arg;
	struct row row;
	(void)at;
	if (l->o->limit && l->count == l->o->limit) {
		l->is_truncated = true;
		return false;
	}
	row_read(&row, st, 0);
	print_row(l, &row);
	l->last = row.id;
	l->count++;
	row_finish(&row);
	return true;
}

static int slice(void *arg, int64_t now_ms, int64_t deadline_us)
{
	struct list *l = arg;
	l->now_ms = now_ms;
	int rc = walk_work(l->walk, visit, l, now_ms, deadline_us);
	return rc == ROWS_MORE && l->is_truncated ? ROWS_DONE : rc;
}

static int print_list(const struct script_options *o, struct db *db,
		      const struct filter *filter)
{
	struct list l = {.o = o};
	struct walk_query query = {
		.kind = LIST_ALL, .sort = SORT_ID, .filter = filter};
	l.walk = walk_create(db, &query);
	if (o->after)
		walk_go(l.walk,
			&(struct walk_at){.key = o->after,
					  .id = o->after,
					  .is_set = true},
			false);
	print_head(o);
	int rc = script_work(slice, &l);
	if (rc == 0)
		print_foot(&l);
	walk_destroy(l.walk);
	return rc ? script_trouble(o, db, rc) : EXIT_DONE;
}

int script_list(const struct script_options *o)
{
	struct filter *filter = NULL;
	struct db *db = NULL;
	int rc = script_filter(o, &filter);
	if (rc == 0)
		rc = script_open(o, DB_READ, &db);
	if (rc == 0) {
		rc = script_note_unmask(o);
		if (rc == 0)
			rc = print_list(o, db, filter);
		db_close(db);
	}
	filter_destroy(filter);
	return rc;
}
