/*
 * The console without its terminal: keys and time go in, grids and a few
 * effects come out. What it shows and does depends on nothing else but the
 * database, so that a test can press keys at a time of its own.
 *
 *	app_key ... app_work until it returns false ... app_paint
 */
#pragma once

#include "schema/actor.h"
#include "schema/migrate.h"
#include "tui/box.h"
#include "tui/conf.h"
#include "tui/counts.h"
#include "tui/filter.h"
#include "tui/overview.h"
#include "tui/pulse.h"

enum tab {
	TAB_HOME,
	TAB_PENDING,
	TAB_SENDING,
	TAB_FAILED,
	TAB_DELIVERED,
	TAB_ALL,
	TAB_LOG,
	TAB_AUDIT,
	TAB_COUNT
};

struct app_options {
	const char *db_path;
	struct conf *conf;	   /* borrowed */
	const struct actor *actor; /* borrowed */
	bool is_read_only;	   /* by --read-only: :write does not lift it */
	bool is_unmasked;
};

/* Opens the database and makes every view; reads nothing yet. A database that
 * cannot be opened is not an error here: a banner says so and it is tried
 * again. A file that is no outbox, or of another version, is: -1 with
 * *problem_out, which the caller frees. */
int app_create(struct app **out, const struct app_options *options,
	       char **problem_out);
void app_destroy(struct app *app);

/* What is wrong with a file, in the operator's language; NULL: nothing. */
const char *app_explain(enum schema_state state);

/* What time it is from now on: wall clock, and a clock for spans. */
void app_set_time(struct app *app, int64_t wall_ms, int64_t mono_ms);
void app_resize(struct app *app, int rows, int cols);
void app_key(struct app *app, int32_t key);
void app_click(struct app *app, int y, int x);

/* One slice of reading and acting, to a deadline of clock_mono_us. Whether
 * there is more to do at once. */
bool app_work(struct app *app, int64_t deadline_us);

/* Milliseconds until app_work has something to do again, without a key. */
int app_wait_ms(const struct app *app);

/* Whether anything changed since the last paint. */
bool app_is_dirty(const struct app *app);
void app_paint(struct app *app, struct grid *g);

/* What only whoever has the terminal can do. */
enum app_effect {
	EFFECT_NONE,
	EFFECT_QUIT,
	EFFECT_REDRAW,
	EFFECT_SUSPEND,
	EFFECT_COPY, /* app_effect_text: what */
	EFFECT_EDIT, /* app_effect_text: the file; then app_edited */
	EFFECT_MOUSE /* app_has_mouse says whether on */
};
enum app_effect app_take_effect(struct app *app);
const char *app_effect_text(const struct app *app, size_t *len_out);
void app_edited(struct app *app, int exit_code);
void app_copied(struct app *app, int rc);
bool app_has_mouse(const struct app *app);

/* --- For views and boxes ------------------------------------------------- */

struct db *app_db(struct app *app); /* for reading; NULL: not open */
struct planner *app_planner(struct app *app);
const struct conf *app_conf(const struct app *app);
const struct keymap *app_keymap(const struct app *app);
const struct pulse *app_pulse(const struct app *app);
const struct counts *app_counts(const struct app *app);
int64_t app_now_ms(const struct app *app);
int64_t app_mono_ms(const struct app *app);
enum fmt_time app_times(const struct app *app);
bool app_is_read_only(const struct app *app);
bool app_is_unmasked(const struct app *app);
bool app_is_frozen(const struct app *app);
enum tab app_tab(const struct app *app);
struct view *app_view(const struct app *app); /* the one on top */

/* A line for the operator on the status row until the next key. */
void app_notice(struct app *app, enum style style, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* A failure: the banner, and :errors keeps it. outcome is of schema/db.h. */
void app_trouble(struct app *app, int outcome);

/* Another tab; a view on top of the one that is shown; and back. */
void app_go_tab(struct app *app, enum tab tab);
void app_push(struct app *app, struct view *view);
void app_pop(struct app *app);

/* Goes to a list with a filter, as Enter on Home's lines and groups does. */
void app_go_list(struct app *app, enum tab tab, const char *filter);

/* Opens a box over what is there, and closes the topmost. */
void app_open_box(struct app *app, struct box *box);
void app_close_box(struct app *app);
bool app_has_box(const struct app *app);

/* Does an action as its key would, whether the key exists or not; words: what
 * stood behind its name in the command prompt, or NULL. */
void app_do(struct app *app, enum action action, const char *words);

/* Those words, while an action runs: NULL if there are none. Borrowed. */
const char *app_words(const struct app *app);

/* Everything is read again: after an act. */
void app_refresh(struct app *app);

/* For view_ops.refresh: whether app_refresh asked for it, so that nothing may
 * be put off. */
bool app_is_asked(const struct app *app);

/* Hands text to the clipboard, with a notice of how much. */
void app_copy(struct app *app, const char *text, size_t len);

/* Begins the editing of a row's payload in $EDITOR; and what came of the act
 * that was to write it: unless the row has it, the text is kept, with a notice
 * of where. */
void app_edit(struct app *app, int64_t id);
void app_edit_settle(struct app *app, bool is_written);
