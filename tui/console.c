#include "tui/console.h"

#include "lib/clock.h"
#include "lib/lang.h"
#include "lib/util.h"
#include "tui/app.h"
#include "tui/console_child.h"
#include "tui/term.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

/* A key may come at the begin of a slice and have another one to itself before
 * it is painted: two of them and a frame in 16 ms. */
enum {
	SLICE_US = 6 * 1000, /* between two looks at the keyboard */
	BUSY_FRAME_MS = 50   /* between two frames while work goes on */
};

struct console {
	const struct console_options *options;
	struct app *app;
	struct term *term;
	struct grid grid;
	FILE *trace;
	int64_t frames;
	int64_t painted_ms;
	int64_t catch_up_until_us; /* of the burst of keys under way */
	bool is_whole;		   /* the next frame is drawn from nothing */
	bool is_busy;		   /* app_work has more to do */
	bool is_waited;		   /* for the frame that shows what keys did */
	bool is_idle_told;
	int code; /* of the exit; -1: it goes on */
};

static void copy(struct console *c)
{
	size_t len;
	const char *text = app_effect_text(c->app, &len);
	const char *command = c->options->conf->copy_command;
	int rc = term_copy(c->term, text, len);
	if (command && console_pipe(command, text, len) == 0)
		rc = 0;
	app_copied(c->app, rc);
}

static void follow_size(struct console *c)
{
	int rows, cols;
	term_size(c->term, &rows, &cols);
	if (rows != c->grid.rows || cols != c->grid.cols) {
		grid_resize(&c->grid, rows, cols);
		app_resize(c->app, rows, cols);
	}
	c->is_whole = true;
}

static void do_effect(struct console *c, enum app_effect effect)
{
	size_t len;
	switch (effect) {
	case EFFECT_NONE:
		break;
	case EFFECT_QUIT:
		c->code = 0;
		break;
	case EFFECT_REDRAW:
		c->is_whole = true;
		break;
	case EFFECT_SUSPEND:
		if (term_suspend(c->term))
			app_notice(c->app, STYLE_WARN,
				   _("There is no shell to go to."));
		follow_size(c);
		break;
	case EFFECT_COPY:
		copy(c);
		break;
	case EFFECT_EDIT:
		app_edited(c->app, console_edit(c->term,
						app_effect_text(c->app, &len)));
		follow_size(c);
		break;
	case EFFECT_MOUSE:
		term_set_mouse(c->term, app_has_mouse(c->app));
		break;
	}
}

static void do_effects(struct console *c)
{
	enum app_effect effect;
	while (c->code < 0 && (effect = app_take_effect(c->app)) != EFFECT_NONE)
		do_effect(c, effect);
}

static void take_key(struct console *c, int32_t key)
{
	int y, x;
	term_mouse(c->term, &y, &x);
	if (key == INPUT_CLICK)
		app_click(c->app, y, x);
	else
		app_key(c->app, key);
	do_effects(c);
}

static void set_time(struct console *c)
{
	app_set_time(c->app, clock_wall_ms(), clock_mono_ms());
}

/* Keys that came in one burst find what those before them brought, if that is
 * quick. Never with a box: what it asks is answered by whoever has seen it. */
static void catch_up(struct console *c)
{
	int64_t until_us = c->catch_up_until_us;
	while (!app_has_box(c->app) && clock_mono_us() < until_us &&
	       app_work(c->app, until_us))
		continue;
}

static bool take_event(struct console *c, int timeout_ms)
{
	int32_t key;
	enum term_event event = term_wait(c->term, timeout_ms, &key);
	set_time(c);
	c->is_waited |= event != TERM_NOTHING;
	switch (event) {
	case TERM_NOTHING:
		break;
	case TERM_KEY:
		catch_up(c);
		take_key(c, key);
		break;
	case TERM_RESIZED:
	case TERM_RESUMED:
		follow_size(c);
		break;
	case TERM_ENDED:
		c->code = 128 + key;
		break;
	case TERM_GONE:
		c->code = 128 + SIGHUP;
		break;
	}
	return event != TERM_NOTHING && c->code < 0;
}

/* All that was typed becomes one frame, unless there is no end of it. */
static void take_events(struct console *c)
{
	enum { MOST_KEYS = 1000 };
	bool is_hurried = c->is_busy || c->is_whole || app_is_dirty(c->app);
	int timeout_ms = is_hurried ? 0 : app_wait_ms(c->app);
	c->catch_up_until_us = 0;
	for (int n = 0; n < MOST_KEYS && take_event(c, timeout_ms); n++) {
		timeout_ms = 0;
		if (n == 0)
			c->catch_up_until_us = clock_mono_us() + SLICE_US;
	}
}

/* Tests wait for "idle", not for a while. */
static void tell(struct console *c, bool is_painted)
{
	bool is_news = is_painted || c->is_waited || !c->is_idle_told;
	if (!is_news || (c->is_busy && !is_painted))
		return;
	c->is_idle_told = !c->is_busy;
	if (!c->trace)
		return;
	fprintf(c->trace, "frame %lld %s\n", (long long)c->frames,
		c->is_busy ? "busy" : "idle");
	fflush(c->trace);
}

static void paint(struct console *c)
{
	int64_t now_ms = clock_mono_ms();
	bool is_due = !c->is_busy || c->is_waited ||
		      now_ms - c->painted_ms >= BUSY_FRAME_MS;
	bool is_painted = is_due && (c->is_whole || app_is_dirty(c->app));
	if (is_painted) {
		grid_erase(&c->grid);
		app_paint(c->app, &c->grid);
		term_show(c->term, &c->grid, c->is_whole);
		c->is_whole = false;
		c->painted_ms = now_ms;
		c->frames++;
	}
	tell(c, is_painted);
	c->is_waited = false;
}

static void run(struct console *c)
{
	term_set_mouse(c->term, app_has_mouse(c->app));
	set_time(c);
	follow_size(c);
	while (c->code < 0) {
		c->is_busy = app_work(c->app, clock_mono_us() + SLICE_US);
		do_effects(c);
		paint(c);
		take_events(c);
	}
}

/* NO_COLOR is everybody's (no-color.org), --color=always is stronger. */
static bool has_color(const struct console_options *options)
{
	const char *mode =
		options->color ? options->color : options->conf->color;
	if (mode && strcmp(mode, "always") == 0)
		return true;
	const char *no_color = getenv("NO_COLOR");
	bool is_never = mode && strcmp(mode, "never") == 0;
	return !is_never && !(no_color && *no_color);
}

static int open_terminal(struct console *c, char **problem_out)
{
	const struct conf *conf = c->options->conf;
	c->grid.is_borderless = !conf->has_borders;
	c->grid.is_ascii = c->options->is_ascii || conf->is_ascii ||
			   conf->ambiguous == 2 ||
			   (conf->ambiguous == 0 && term_draws_wide());
	const struct term_options options = {
		.has_color = has_color(c->options),
		.has_cursor = conf->has_cursor,
	};
	return term_open(&c->term, &options, problem_out);
}

static int open_app(struct console *c, char **problem_out)
{
	const struct app_options options = {
		.db_path = c->options->db_path,
		.conf = c->options->conf,
		.actor = c->options->actor,
		.is_read_only = c->options->is_read_only,
		.is_unmasked = c->options->is_unmasked,
	};
	return app_create(&c->app, &options, problem_out);
}

static int open_all(struct console *c, char **problem_out)
{
	const char *path = c->options->trace_path;
	c->trace = path ? fopen(path, "ae") : NULL;
	if (path && !c->trace) {
		*problem_out = xasprintf("%s: %s", path, strerror(errno));
		return CONSOLE_FAILED;
	}
	if (open_app(c, problem_out))
		return CONSOLE_FAILED;
	return open_terminal(c, problem_out) ? CONSOLE_UNUSABLE : -1;
}

int console_run(const struct console_options *options)
{
	struct console c = {.options = options, .is_idle_told = true};
	scoped_free char *problem = NULL;
	c.code = open_all(&c, &problem);
	if (c.code < 0)
		run(&c);
	term_close(c.term);
	app_destroy(c.app);
	grid_finish(&c.grid);
	if (c.trace)
		fclose(c.trace);
	if (problem)
		fprintf(stderr, "outbox-tui: %s\n", problem);
	return c.code;
}
