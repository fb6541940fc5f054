#include "tests/console/monkey.h"

#include "lib/clock.h"
#include "lib/lang.h"
#include "lib/util.h"
#include "tests/support/check.h"
#include "tests/support/outbox.h"
#include "tests/support/tempdir.h"
#include "tests/support/variety.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { ROWS_MAX = 60, COLS_MAX = 200, SLICES_MAX = 200000 };

struct monkey {
	const struct monkey_options *options;
	struct dice dice;
	struct monkey_keys keys;
	char *dir, *path; /* own */
	sqlite3 *db;	  /* own; the CRM's and the relay's */
	struct conf conf;
	struct actor actor;
	struct app *app; /* own */
	struct grid grid;
	int rows, cols;
	int64_t wall_ms, mono_ms;
	int locked; /* so many keys more is the database locked */
};

unsigned dice_roll(struct dice *d, unsigned count)
{
	d->state += UINT64_C(0x9e3779b97f4a7c15);
	uint64_t z = d->state;
	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return (unsigned)((z ^ (z >> 31)) % count);
}

static void open_app(struct monkey *m)
{
	char *problem = NULL;
	const struct app_options options = {
		.db_path = m->path,
		.conf = &m->conf,
		.actor = &m->actor,
		.is_read_only = m->options->is_read_only,
	};
	if (app_create(&m->app, &options, &problem) != 0)
		fail_msg("%s", problem);
	app_set_time(m->app, m->wall_ms, m->mono_ms);
	app_resize(m->app, m->rows, m->cols);
}

static void begin(struct monkey *m, struct monkey_options *options)
{
	*m = (struct monkey){.options = options,
			     .dice = {options->seed},
			     .rows = 24,
			     .cols = 80,
			     .wall_ms = VARIETY_NOW,
			     .mono_ms = 1000000};
	m->keys = (struct monkey_keys){
		.dice = &m->dice, .text = "", .last = options->last};
	m->dir = tempdir_create("monkey");
	setenv("TMPDIR", m->dir, 1);
	setenv("XDG_RUNTIME_DIR", m->dir, 1);
	setenv("HOME", m->dir, 1);
	setenv("TZ", "Asia/Shanghai", 1);
	tzset();
	assert_int_equal(lang_init(options->seed % 3 == 0 ? "zh" : "en"), 0);
	m->path = outbox_make(m->dir, "outbox.db");
	m->db = outbox_open(m->path);
	monkey_outbox_begin(m->db);
	conf_init(&m->conf);
	free(m->conf.dir);
	m->conf.dir = xstrdup(m->dir);
	m->conf.is_ascii = options->seed % 5 == 0;
	actor_init(&m->actor, &(struct actor_facts){.login = "monkey",
						    .uid = 1000,
						    .tty = "pts/3"});
	open_app(m);
}

static void end(struct monkey *m)
{
	app_destroy(m->app);
	grid_finish(&m->grid);
	conf_finish(&m->conf);
	actor_finish(&m->actor);
	outbox_close(m->db);
	free(m->path);
	unsetenv("TMPDIR");
	unsetenv("XDG_RUNTIME_DIR");
	tempdir_destroy(m->dir);
}

/* What an editor leaves behind. */
static void edit(struct monkey *m)
{
	static const char *const left[] = {"{\"assignedToId\":\"new\"}\n",
					   "{\"a\":", "[1]", "", "{}"};
	unsigned which = dice_roll(&m->dice, ARRAY_LEN(left) + 2);
	if (which < ARRAY_LEN(left)) {
		FILE *f = fopen(app_effect_text(m->app, NULL), "we");
		assert_non_null(f);
		fputs(left[which], f);
		assert_int_equal(fclose(f), 0);
	}
	app_edited(m->app, which == ARRAY_LEN(left) ? 1 : 0);
}

/* As somebody who has the terminal; who leaves comes again at once. */
static void serve(struct monkey *m)
{
	size_t len;
	switch (app_take_effect(m->app)) {
	case EFFECT_QUIT:
		app_destroy(m->app);
		open_app(m);
		break;
	case EFFECT_COPY:
		assert_non_null(app_effect_text(m->app, &len));
		app_copied(m->app, len % 7 ? 0 : -1);
		break;
	case EFFECT_EDIT:
		edit(m);
		break;
	case EFFECT_NONE:
	case EFFECT_REDRAW:
	case EFFECT_SUSPEND:
	case EFFECT_MOUSE:
		break;
	}
}

static void paint(struct monkey *m)
{
	app_paint(m->app, &m->grid);
	monkey_check_grid(&m->grid, m->rows, m->cols);
}

/* Until it rests; or, hurried, only as far as comes before the next key. */
static void work(struct monkey *m, bool is_hurried)
{
	enum { SLICE_US = 5000000 };
	int64_t slice_us = is_hurried ? 0 : SLICE_US;
	for (int i = 0; i < SLICES_MAX; i++) {
		bool has_more = app_work(m->app, clock_mono_us() + slice_us);
		serve(m);
		if (is_hurried || !has_more) {
			paint(m);
			if (is_hurried || !app_is_dirty(m->app))
				return;
		}
	}
	fail_msg("the console never comes to rest");
}

static void pass(struct monkey *m, int64_t ms)
{
	m->wall_ms += ms;
	m->mono_ms += ms;
	app_set_time(m->app, m->wall_ms, m->mono_ms);
}

static void resize(struct monkey *m)
{
	bool is_small = dice_roll(&m->dice, 4) == 0;
	m->rows = 1 + (int)dice_roll(&m->dice, is_small ? 6 : ROWS_MAX);
	m->cols = 1 + (int)dice_roll(&m->dice, is_small ? 24 : COLS_MAX);
	app_resize(m->app, m->rows, m->cols);
}

/* Others do something to the outbox; a lock of theirs stays for some keys. */
static void stir(struct monkey *m)
{
	if (m->locked > 0) {
		if (--m->locked == 0)
			outbox_exec(m->db, "ROLLBACK");
		return;
	}
	if (m->options->is_read_only)
		return;
	unsigned what = dice_roll(&m->dice, 300);
	if (what == 0) {
		outbox_exec(m->db, "BEGIN IMMEDIATE");
		m->locked = 1 + (int)dice_roll(&m->dice, 20);
	} else if (what < 60) {
		monkey_outbox_stir(m->db, &m->dice);
	}
}

static void step(struct monkey *m)
{
	static const int64_t spans[] = {0, 0, 3, 20, 90, 260, 1100, 31000};
	struct dice *d = &m->dice;
	stir(m);
	pass(m, spans[dice_roll(d, ARRAY_LEN(spans))]);
	if (dice_roll(d, 40) == 0)
		resize(m);
	if (dice_roll(d, 60) == 0)
		app_click(m->app, (int)dice_roll(d, ROWS_MAX),
			  (int)dice_roll(d, COLS_MAX));
	app_key(m->app, monkey_key(&m->keys));
	serve(m);
	work(m, dice_roll(d, 3) == 0);
}

static int64_t finish(struct monkey *m, const char *before)
{
	if (m->locked)
		outbox_exec(m->db, "ROLLBACK");
	for (int i = 0; i < 40; i++) {
		pass(m, 500);
		work(m, false);
	}
	if (m->options->is_read_only) {
		scoped_free char *after = monkey_outbox_dump(m->db);
		assert_true(strcmp(before, after) == 0);
	}
	return monkey_outbox_check(m->db);
}

int64_t monkey_run(struct monkey_options *options)
{
	struct monkey m;
	begin(&m, options);
	scoped_free char *before = monkey_outbox_dump(m.db);
	for (options->at = 0; options->at < options->keys; options->at++)
		step(&m);
	int64_t moved = finish(&m, before);
	end(&m);
	return moved;
}
