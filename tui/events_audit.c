/*
 * Acts of operators: one event an act, at the place of its first batch, with
 * the sums of all of them.
 */
#include "tui/events_internal.h"

#include "lib/buf.h"
#include "lib/util.h"
#include "tui/events_act.h"

#include <stdlib.h>
#include <string.h>

enum {
	ACT = 1,
	IDS = 7,
	CHANGED = ACT_LINE_COLUMN_COUNT,
	SKIPPED,
	IS_LATER /* not the act's first batch */
};

static void put_text(struct event *e, const struct act_line *line)
{
	scoped_buf b = {0};
	buf_adds(&b, act_line_action(line->action));
	if (line->what[0])
		buf_addf(&b, " %s", line->what);
	if (line->reason)
		buf_addf(&b, " \"%s\"", line->reason);
	free(e->text);
	e->text = buf_detach(&b);
}

/* The row, if it was but one. */
static int64_t only_row(const char *ids, int64_t changed)
{
	if (changed != 1 || !ids)
		return 0;
	ids += strspn(ids, "[");
	return strtoll(ids, NULL, 10); /* 0 for the name of a channel */
}

static bool read_act(struct event *e, struct db_stmt *st)
{
	if (db_int(st, IS_LATER))
		return false;
	struct act_line line;
	act_line_read(&line, st, db_int(st, CHANGED));
	*e = (struct event){
		.id = line.id,
		.at_ms = line.at_ms,
		.level = EVENT_INFO,
		.source = steal(&line.who),
		.act = steal(&line.act),
		.changed = db_int(st, CHANGED),
		.skipped = db_int(st, SKIPPED),
		.row = only_row(db_text(st, IDS), db_int(st, CHANGED)),
	};
	put_text(e, &line);
	act_line_finish(&line);
	return true;
}

const char *event_batch(struct db_stmt *st, int64_t *changed_out,
			int64_t *skipped_out)
{
	*changed_out = db_int(st, CHANGED);
	*skipped_out = db_int(st, SKIPPED);
	return db_text(st, ACT);
}

void event_act_again(struct event *e, struct db_stmt *st)
{
	struct act_line line;
	act_line_read(&line, st, e->changed);
	e->row = only_row(db_text(st, IDS), e->changed);
	put_text(e, &line);
	act_line_finish(&line);
}

/* clang-format off */
#define IS_LATER_SQL                                                  \
	" EXISTS (SELECT 1 FROM outbox_audit AS b"                    \
	"          WHERE b.act = a.act AND b.id < a.id)"
#define SUM_SQL(column)                                               \
	" (SELECT sum(b." column ") FROM outbox_audit AS b"           \
	"   WHERE b.act = a.act AND b.id <= $newest)"
const struct event_kind event_kind_audit = {
	.newest = "SELECT coalesce(max(id), 0) FROM outbox_audit",
	.newer =
		"SELECT " ACT_LINE_COLUMNS ", a.changed, a.skipped," IS_LATER_SQL
		"  FROM outbox_audit AS a"
		" WHERE a.id > $id"
		" ORDER BY a.id",
	.older =
		"SELECT " ACT_LINE_COLUMNS "," SUM_SQL("changed") ","
		SUM_SQL("skipped") ", 0"
		"  FROM outbox_audit AS a"
		" WHERE a.id < $id"
		"   AND a.id >= $from"
		"   AND NOT" IS_LATER_SQL
		" ORDER BY a.id DESC",
	.span = 200, /* further batches are passed over within a step */
	.again =
		"SELECT " ACT_LINE_COLUMNS
		"  FROM outbox_audit AS a"
		" WHERE a.id = $id",
	.read = read_act,
};
/* clang-format on */
