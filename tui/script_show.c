/* `show`: everything about one row. */
#include "tui/script_show.h"

#include "lib/clock.h"
#include "lib/lang.h"
#include "lib/text.h"
#include "lib/util.h"
#include "tui/rows.h"

#include <errno.h>
#include <stdlib.h>

struct reading {
	struct script_show *s;
	struct item_reader *item;
	struct pulse_reader *pulse;
	int64_t id;
	bool is_gone;
};

/* ITEM_GONE would read as ROWS_MORE to script_work. */
static int slice(void *arg, int64_t now_ms, int64_t deadline_us)
{
	struct reading *r = arg;
	(void)deadline_us;
	int rc = pulse_read(r->pulse, &r->s->pulse, now_ms);
	if (rc)
		return rc;
	rc = item_read(r->item, r->id, &r->s->item, now_ms);
	r->is_gone = rc == ITEM_GONE;
	return r->is_gone ? 0 : rc;
}

/* A payload that somebody wrote past the triggers may be anything. */
static int check_payload(struct script_show *s, struct db *db)
{
	scoped_stmt struct db_stmt *st =
		db_prepare(db, "payload", "SELECT json_valid($payload)");
	db_bind(st, "$payload", s->item.payload);
	int rc = db_step(st);
	if (rc != DB_ROW)
		return rc;
	s->is_payload_json = db_int(st, 0) &&
			     text_is_utf8(s->item.payload, s->item.payload_len);
	return 0;
}

static int read_item(struct script_show *s, struct db *db, int64_t id)
{
	struct reading r = {.s = s, .id = id};
	r.item = item_reader_create(db);
	r.pulse = pulse_reader_create(db);
	int rc = script_work(slice, &r);
	item_reader_destroy(r.item);
	pulse_reader_destroy(r.pulse);
	if (rc == 0 && !r.is_gone)
		rc = check_payload(s, db);
	if (rc)
		return script_trouble(s->o, db, rc);
	if (!r.is_gone)
		return 0;
	script_complain(_("there is no row #%lld"), (long long)id);
	return EXIT_FAILED;
}

static int show(const struct script_options *o, struct db *db, int64_t id)
{
	struct script_show s = {.o = o};
	int rc = read_item(&s, db, id);
	if (rc == 0)
		rc = script_note_unmask(o);
	if (rc == 0) {
		s.now_ms = clock_wall_ms();
		s.why = item_why(&s.item, &s.pulse, s.now_ms);
		if (o->is_json)
			script_show_json(&s);
		else
			script_show_text(&s);
	}
	item_finish(&s.item);
	free(s.why);
	pulse_finish(&s.pulse);
	return rc;
}

static int read_id(const struct script_options *o, int64_t *id_out)
{
	const char *text = o->words ? o->words : "";
	char *end = NULL;
	text += *text == '#';
	errno = 0;
	*id_out = o->id && !*text ? o->id : strtoll(text, &end, 10);
	if (*id_out > 0 && !errno && (!end || (end != text && !*end)))
		return 0;
	script_complain(_("show wants the id of one row, such as: outbox-tui "
			  "show 1042"));
	return EXIT_USAGE;
}

int script_show(const struct script_options *o)
{
	struct db *db = NULL;
	int64_t id = 0;
	int rc = read_id(o, &id);
	if (rc == 0)
		rc = script_open(o, DB_READ, &db);
	if (rc)
		return rc;
	rc = show(o, db, id);
	db_close(db);
	return rc;
}
