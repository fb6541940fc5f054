/*
 * What became of the rows of an outbox, as `make run` shows it: a table, and
 * below it why the rows that failed did, and what to do.
 *
 *	demo-table FILE
 */
#include "lib/buf.h"
#include "lib/reason.h"
#include "lib/text.h"
#include "lib/util.h"
#include "schema/db.h"
#include "tests/demo/wrap.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SCREEN = 80, BUSY_MS = 1000 };

enum column { ID, SOURCE, CUSTOMER, RECIPIENT, STATUS, TRIES, COLUMN_COUNT };

static const struct {
	size_t cells;
	const char *title[REASON_LANG_COUNT];
} columns[COLUMN_COUNT] = {
	[ID] = {4, {"id", "编号"}},
	[SOURCE] = {11, {"source", "分配原因"}},
	[CUSTOMER] = {11, {"customer", "客户"}},
	[RECIPIENT] = {24, {"recipient", "接收人"}},
	[STATUS] = {10, {"status", "状态"}},
	[TRIES] = {8, {"attempts", "次数"}},
};

static const struct {
	const char *id;
	const char *chinese;
} states[] = {
	{"pending", "待发送"}, {"sending", "发送中"}, {"delivered", "已送达"},
	{"failed", "失败"},    {"expired", "已过期"}, {"cancelled", "已取消"},
};

static const char sql_rows[] =
	"SELECT id, coalesce(json_extract(payload, '$.source'), type),"
	"  coalesce(json_extract(payload, '$.customerName'), ''),"
	"  coalesce(recipient, ''), status, attempts, last_reason"
	"  FROM outbox"
	" ORDER BY id";

struct table {
	struct db *db;
	struct db_stmt *rows;
	enum reason_lang lang;
	int64_t last_updated_at, last_id; /* of the rows shown last */
};

static enum reason_lang language(void)
{
	static const char *const names[] = {"LC_ALL", "LC_MESSAGES", "LANG"};
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		const char *value = getenv(names[i]);
		if (value && *value)
			return strncmp(value, "zh", 2) == 0 ? REASON_ZH
							    : REASON_EN;
	}
	return REASON_EN;
}

static void print_cell(enum column column, const char *text)
{
	scoped_free char *clean = text_clean(text, strlen(text));
	scoped_free char *cell = text_pad(clean, columns[column].cells);
	if (column + 1 < COLUMN_COUNT)
		printf("%s  ", cell);
	else
		printf("%s\n", clean);
}

static void print_titles(const struct table *t)
{
	for (int c = 0; c < COLUMN_COUNT; c++)
		print_cell((enum column)c, columns[c].title[t->lang]);
	for (int c = 0; c < COLUMN_COUNT; c++) {
		for (size_t i = 0; i < columns[c].cells; i++)
			putchar('-');
		fputs(c + 1 < COLUMN_COUNT ? "  " : "\n", stdout);
	}
}

static const char *status_text(const struct table *t, const char *id)
{
	for (size_t i = 0; i < ARRAY_LEN(states); i++) {
		if (t->lang == REASON_ZH && strcmp(states[i].id, id) == 0)
			return states[i].chinese;
	}
	return id;
}

static void print_row(struct table *t)
{
	for (int c = 0; c < COLUMN_COUNT; c++) {
		const char *text = db_text(t->rows, c);
		print_cell((enum column)c,
			   c == STATUS ? status_text(t, text) : text);
	}
}

static void print_reason(const struct table *t, enum reason reason,
			 const char *ids)
{
	static const char *const todo[] = {
		[REASON_EN] = "To do: ", [REASON_ZH] = "处理："};
	const char *label = todo[t->lang];
	printf("\n%s: %s\n  ", ids, reason_id(reason));
	wrap_print(reason_cause(reason, t->lang), 2, 2, SCREEN);
	printf("  %s", label);
	wrap_print(reason_remedy(reason, t->lang), 2 + text_width(label), 2,
		   SCREEN);
}

/* The rows, and below them the reasons in the order of the rows. */
static int print_rows(struct table *t)
{
	struct buf ids[REASON_COUNT] = {0}; /* of the rows with that reason */
	enum reason order[REASON_COUNT];
	size_t count = 0;
	int rc;
	while ((rc = db_step(t->rows)) == DB_ROW) {
		print_row(t);
		enum reason reason =
			reason_find(db_text(t->rows, COLUMN_COUNT));
		if (reason == REASON_NONE)
			continue;
		if (ids[reason].len == 0)
			order[count++] = reason;
		buf_addf(&ids[reason], "%s%s", ids[reason].len ? ", " : "",
			 db_text(t->rows, ID));
	}
	db_reset(t->rows);
	for (size_t i = 0; i < count; i++) {
		print_reason(t, order[i], buf_str(&ids[order[i]]));
		buf_finish(&ids[order[i]]);
	}
	return rc;
}

int main(int argc, char **argv)
{
	if (argc != 2) {
		fprintf(stderr, "usage: demo-table FILE\n");
		return 2;
	}

	util_init();
	struct table t = {.lang = language()};
	int rc = db_open(&t.db, argv[1], DB_READ, BUSY_MS);
	if (rc) {
		fprintf(stderr, "demo-table: cannot open %s\n", argv[1]);
		return 1;
	}
	t.rows = db_prepare(t.db, "demo rows", sql_rows);
	print_titles(&t);
	rc = print_rows(&t);
	db_close(t.db);
	return rc == 0 ? 0 : 1;
}
