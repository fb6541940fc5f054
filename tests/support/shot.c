#include "tests/support/shot.h"

#include "lib/lang.h"
#include "lib/util.h"
#include "tests/support/fixture.h"
#include "tests/support/outbox.h"
#include "tests/support/paths.h"
#include "tests/support/tempdir.h"
#include "tests/support/variety.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A shot in one language: a test of its own, so that it is named if it fails,
 * and the others are still taken. */
struct take {
	const struct shot *shot;
	struct studio *studio; /* borrowed */
	bool is_zh;
	char *name;	   /* own */
	struct screen *s;  /* own */
	sqlite3 *other;	   /* own; the CRM's, and the relay's */
	char *dir, *where; /* own; where it is, and where it was */
};

/* The two outboxes that shots are taken of, made once. */
struct studio {
	const char *group;
	char *dir, *full, *empty; /* own */
	struct take *takes;	  /* own */
	size_t count;
};

static void equip(struct studio *studio)
{
	if (studio->dir)
		return;
	studio->dir = tempdir_create("golden");
	studio->empty = outbox_make(studio->dir, "empty.db");
	studio->full = outbox_make(studio->dir, "full.db");
	sqlite3 *full = outbox_open(studio->full);
	sqlite3 *empty = outbox_open(studio->empty);
	variety_fill(full);
	outbox_exec(full, "PRAGMA wal_checkpoint(TRUNCATE)");
	outbox_exec(empty, "PRAGMA wal_checkpoint(TRUNCATE)");
	outbox_close(full);
	outbox_close(empty);
}

static void copy_file(const char *from, const char *to)
{
	char block[65536];
	size_t n;
	FILE *in = fopen(from, "re"), *out = fopen(to, "we");
	assert_non_null(in);
	assert_non_null(out);
	while ((n = fread(block, 1, sizeof(block), in)) > 0)
		assert_int_equal(fwrite(block, 1, n, out), n);
	fclose(in);
	assert_int_equal(fclose(out), 0);
}

/* Alarms tell the whole path: so it is a short one, the same for everybody. */
static void prepare(struct take *t, bool is_empty)
{
	equip(t->studio);
	t->dir = tempdir_create("shot");
	t->where = getcwd(NULL, 0);
	assert_int_equal(chdir(t->dir), 0);
	setenv("XDG_RUNTIME_DIR", t->dir, 1); /* where edits go */
	if (t->shot->flags & SHOT_NO_FILE)
		return;
	copy_file(is_empty ? t->studio->empty : t->studio->full, "outbox.db");
	t->other = outbox_open("outbox.db");
	if (t->shot->sql)
		outbox_exec(t->other, "%s", t->shot->sql);
}

static void look(struct take *t)
{
	scoped_buf faults = {0};
	int cols = t->shot->cols ? t->shot->cols : 80;
	shot_look(screen_text(t->s), cols, t->is_zh, &faults);
	scoped_free char *name = xasprintf("%s/%s", t->studio->group, t->name);
	screen_is_golden(t->s, name, &faults);
	if (faults.len) {
		fprintf(stderr, "%s:\n%s", name, buf_str(&faults));
		fail_msg("%s is not as it should be", name);
	}
}

static void take(void **state)
{
	struct take *t = *state;
	const struct shot *shot = t->shot;
	prepare(t, shot->flags & SHOT_EMPTY);
	t->s = screen_open(&(struct screen_options){
		.db = "outbox.db",
		.now_ms = VARIETY_NOW,
		.rows = shot->rows,
		.cols = shot->cols,
		.lang = t->is_zh ? "zh" : "en",
		.conf = shot->conf,
		.is_ascii = shot->flags & SHOT_ASCII,
		.is_read_only = shot->flags & SHOT_READ_ONLY,
		.is_unmasked = shot->flags & SHOT_UNMASKED});
	if (t->is_zh && strcmp(_("back"), "back") == 0)
		fail_msg("there is no catalogue in build/locale: make it");
	if (shot->keys)
		screen_press(t->s, shot->keys);
	if (shot->later)
		outbox_exec(t->other, "%s", shot->later);
	if (shot->play)
		shot->play(t->s, t->other);
	if (shot->then)
		screen_press(t->s, shot->then);
	look(t);
}

static int clear(void **state)
{
	struct take *t = *state;
	screen_close(t->s);
	sqlite3_close_v2(t->other);
	unsetenv("XDG_RUNTIME_DIR");
	if (t->where && chdir(t->where) != 0)
		return -1;
	free(t->where);
	tempdir_destroy(t->dir);
	return 0;
}

/* A file that no shot compares itself with proves nothing. */
static void test_no_file_is_left_over(void **state)
{
	struct studio *studio = *state;
	scoped_free char *file = xasprintf("tests/golden/%s", studio->group);
	scoped_free char *path = paths_source(file);
	DIR *dir = opendir(path);
	if (!dir)
		fail_msg("there is no %s: UPDATE_GOLDEN=1 makes it", file);
	for (struct dirent *e; (e = readdir(dir));) {
		char *end = strrchr(e->d_name, '.');
		bool is_known = e->d_type == DT_DIR;
		for (size_t i = 0; end && i < studio->count; i++)
			is_known |= strlen(studio->takes[i].name) ==
					    (size_t)(end - e->d_name) &&
				    !strncmp(studio->takes[i].name, e->d_name,
					     (size_t)(end - e->d_name));
		if (!is_known)
			fail_msg("%s/%s is of no shot", file, e->d_name);
	}
	closedir(dir);
}

static void add(struct studio *studio, const struct shot *shot, bool is_zh)
{
	struct take *t = &studio->takes[studio->count++];
	*t = (struct take){.shot = shot, .studio = studio, .is_zh = is_zh};
	t->name = xasprintf("%s%s", shot->name, is_zh ? ".zh" : "");
}

int shots_take(const char *group, const struct shot *shots, size_t count)
{
	struct studio studio = {.group = group};
	studio.takes = xcalloc(count * 2, sizeof(*studio.takes));
	struct CMUnitTest *tests = xcalloc(count * 2 + 1, sizeof(*tests));
	for (size_t i = 0; i < count; i++)
		add(&studio, &shots[i], false);
	for (size_t i = 0; i < count; i++)
		if (shots[i].flags & SHOT_ZH)
			add(&studio, &shots[i], true);
	for (size_t i = 0; i < studio.count; i++)
		tests[i] =
			(struct CMUnitTest){.name = studio.takes[i].name,
					    .test_func = take,
					    .teardown_func = clear,
					    .initial_state = &studio.takes[i]};
	tests[studio.count] =
		(struct CMUnitTest){.name = "no file is left over",
				    .test_func = test_no_file_is_left_over,
				    .initial_state = &studio};
	int rc = _cmocka_run_group_tests(group, tests, studio.count + 1, NULL,
					 NULL);
	for (size_t i = 0; i < studio.count; i++)
		free(studio.takes[i].name);
	tempdir_destroy(studio.dir);
	free(studio.full);
	free(studio.empty);
	free(studio.takes);
	free(tests);
	return rc;
}
