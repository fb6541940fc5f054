/*
 * An app on an outbox of rows that failed, and the box over it that asks before
 * an act: for tests of tui/box_act.h.
 */
#pragma once

#include "tests/support/actbench.h"
#include "tui/app_internal.h"

struct boxbench {
	struct actbench *act; /* own */
	struct conf conf;
	struct app *app; /* own; 24 rows and 80 columns */
	struct grid grid;
	int64_t mono_ms;
};

/* For cmocka_unit_test_setup_teardown; *state gets a struct boxbench. */
int boxbench_set_up(void **state);
int boxbench_tear_down(void **state);
#define BOX_TEST(f) \
	cmocka_unit_test_setup_teardown(f, boxbench_set_up, boxbench_tear_down)

/* One round of the console's loop, `ms` after the last one. */
void boxbench_work(struct boxbench *b, int64_t ms);

/* Adds failed rows, and opens a box on all of them by a filter. */
void boxbench_open(struct boxbench *b, enum act_action action, int count);

/* ASCII characters, each of them a key. */
void boxbench_press(struct boxbench *b, const char *text);

/* The whole screen as text, in `out`. Borrowed. */
const char *boxbench_screen(struct boxbench *b, struct buf *out);

/* The text must be on the screen. */
void boxbench_see(struct boxbench *b, const char *text);

bool boxbench_is_open(struct boxbench *b);
int64_t boxbench_count_pending(struct boxbench *b);
