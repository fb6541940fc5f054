#include "tests/support/screen.h"

#include "lib/clock.h"
#include "lib/lang.h"
#include "lib/util.h"
#include "tests/support/check.h"
#include "tests/support/paths.h"
#include "tests/support/tempdir.h"
#include "tui/input.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#define NOW INT64_C(1795328527114)

enum {
	SLICE_US = 5000000,
	SLICES_MAX = 200000,
	STEP_MS = 250,
	AWAIT_MS = 60000
};

struct screen {
	char *dir; /* own */
	struct conf conf;
	struct actor actor;
	struct app *app; /* own */
	struct grid grid;
	struct buf text;
	enum app_effect effect;
	int64_t wall_ms, mono_ms;
};

static void read_conf(struct screen *s, const struct screen_options *o)
{
	char *problem = NULL;
	s->dir = tempdir_create("screen");
	scoped_free char *path = tempdir_path(s->dir, "console.conf");
	FILE *f = fopen(path, "we");
	assert_non_null(f);
	fputs(o->conf ? o->conf : "", f);
	assert_int_equal(fclose(f), 0);
	conf_init(&s->conf);
	free(s->conf.dir);
	s->conf.dir = xstrdup(s->dir);
	if (conf_read(&s->conf, path, &problem) != 0)
		fail_msg("%s", problem);
	if (o->is_ascii)
		s->conf.is_ascii = true;
}

struct screen *screen_open(const struct screen_options *options)
{
	struct screen *s = xcalloc(1, sizeof(*s));
	char *problem = NULL;
	setenv("TZ", "Asia/Shanghai", 1);
	tzset();
	assert_int_equal(lang_init(options->lang ? options->lang : "en"), 0);
	read_conf(s, options);
	actor_init(&s->actor,
		   &(struct actor_facts){
			   .login = options->actor ? options->actor : "alice",
			   .uid = 1000,
			   .tty = "pts/3"});
	struct app_options o = {.db_path = options->db,
				.conf = &s->conf,
				.actor = &s->actor,
				.is_read_only = options->is_read_only,
				.is_unmasked = options->is_unmasked};
	if (app_create(&s->app, &o, &problem) != 0)
		fail_msg("%s", problem);
	if (app_counts(s->app) && !options->has_rests)
		counts_hurry((struct counts *)app_counts(s->app));
	s->wall_ms = options->now_ms ? options->now_ms : NOW;
	s->mono_ms = 1000000;
	app_set_time(s->app, s->wall_ms, s->mono_ms);
	screen_resize(s, options->rows ? options->rows : 24,
		      options->cols ? options->cols : 80);
	return s;
}

void screen_close(struct screen *s)
{
	if (!s)
		return;
	app_destroy(s->app);
	grid_finish(&s->grid);
	buf_finish(&s->text);
	conf_finish(&s->conf);
	actor_finish(&s->actor);
	tempdir_destroy(s->dir);
	free(s);
}

static void take_effect(struct screen *s)
{
	enum app_effect effect = app_take_effect(s->app);
	if (effect != EFFECT_NONE)
		s->effect = effect;
}

/* Painting may find that more has to be read: another height, say. */
void screen_settle(struct screen *s)
{
	for (int i = 0; i < SLICES_MAX; i++) {
		bool has_more = app_work(s->app, clock_mono_us() + SLICE_US);
		take_effect(s);
		if (has_more)
			continue;
		if (!app_is_dirty(s->app))
			return;
		app_paint(s->app, &s->grid);
	}
	fail_msg("the console never comes to rest");
}

void screen_resize(struct screen *s, int rows, int cols)
{
	app_resize(s->app, rows, cols);
	screen_settle(s);
}

void screen_pass(struct screen *s, int64_t ms)
{
	while (ms > 0) {
		int64_t step = MIN(ms, STEP_MS);
		s->wall_ms += step;
		s->mono_ms += step;
		ms -= step;
		app_set_time(s->app, s->wall_ms, s->mono_ms);
		screen_settle(s);
	}
}

void screen_jump(struct screen *s, int64_t wall_ms)
{
	s->wall_ms += wall_ms;
	app_set_time(s->app, s->wall_ms, s->mono_ms);
	screen_settle(s);
}

static void press(struct screen *s, int32_t key)
{
	app_key(s->app, key);
	screen_settle(s);
}

/* Returns what follows the closing quote. */
static const char *type(struct screen *s, const char *text)
{
	while (*text && *text != '"') {
		unsigned char c = (unsigned char)*text;
		int len = c < 0x80 ? 1 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
		int32_t key = len == 1 ? c : c & (0xff >> (len + 1));
		for (int i = 1; i < len && text[i]; i++)
			key = key << 6 | (text[i] & 0x3f);
		press(s, key);
		text += strnlen(text, (size_t)len);
	}
	return *text ? text + 1 : text;
}

void screen_press(struct screen *s, const char *keys)
{
	while (*(keys += strspn(keys, " "))) {
		if (*keys == '"') {
			keys = type(s, keys + 1);
			continue;
		}
		if (*keys == '+' && keys[1] >= '0' && keys[1] <= '9') {
			char *end;
			screen_pass(s, strtoll(keys + 1, &end, 10));
			keys = end;
			continue;
		}
		size_t len = strcspn(keys, " ");
		int32_t key = input_parse(keys, len);
		if (key == INPUT_NONE)
			fail_msg("no key is named %.*s", (int)len, keys);
		press(s, key);
		keys += len;
	}
}

struct app *screen_app(struct screen *s)
{
	return s->app;
}

const char *screen_text(struct screen *s)
{
	buf_clear(&s->text);
	grid_dump_text(&s->grid, &s->text);
	return buf_str(&s->text);
}

const char *screen_styles(struct screen *s)
{
	buf_clear(&s->text);
	grid_dump_styles(&s->grid, &s->text);
	return buf_str(&s->text);
}

const char *screen_line(struct screen *s, int y)
{
	screen_text(s);
	char *line = s->text.data;
	for (y = y < 0 ? s->grid.rows + y : y; y > 0 && *line; y--)
		line = strchr(line, '\n') + 1;
	line[strcspn(line, "\n")] = '\0';
	return line;
}

void screen_expect(struct screen *s, const char *text)
{
	if (!strstr(screen_text(s), text))
		fail_msg("not on the screen: %s\n%s", text, screen_text(s));
}

void screen_expect_not(struct screen *s, const char *text)
{
	if (strstr(screen_text(s), text))
		fail_msg("on the screen: %s\n%s", text, screen_text(s));
}

void screen_await(struct screen *s, const char *text)
{
	for (int64_t ms = 0; ms < AWAIT_MS; ms += 20) {
		if (strstr(screen_text(s), text))
			return;
		screen_pass(s, 20);
	}
	screen_expect(s, text);
}

enum app_effect screen_effect(struct screen *s)
{
	enum app_effect effect = s->effect;
	s->effect = EFFECT_NONE;
	return effect;
}

static char *read_file(const char *path)
{
	struct buf b = {0};
	char block[4096];
	size_t n;
	FILE *f = fopen(path, "re");
	if (!f)
		return xstrdup("");
	while ((n = fread(block, 1, sizeof(block), f)) > 0)
		buf_add(&b, block, n);
	fclose(f);
	return buf_detach(&b);
}

static char *cut_line(char **text)
{
	char *line = *text, *end = line + strcspn(line, "\n");
	*text = *end ? end + 1 : end;
	*end = '\0';
	return line;
}

/* Lines that differ, each as it should be and as it was seen. */
static void tell(const char *file, char *golden, char *seen, struct buf *diff)
{
	buf_addf(diff, "%s, which UPDATE_GOLDEN=1 writes anew:\n", file);
	for (int y = 1; *golden || *seen; y++) {
		const char *should = cut_line(&golden), *is = cut_line(&seen);
		if (strcmp(should, is) != 0)
			buf_addf(diff, "%3d -%s\n    +%s\n", y, should, is);
	}
}

static void write_golden(const char *path, const char *seen)
{
	scoped_free char *dir = xstrndup(path, strrchr(path, '/') - path);
	mkdir(dir, 0777);
	FILE *f = fopen(path, "we");
	if (!f)
		fail_msg("%s cannot be written", path);
	fputs(seen, f);
	assert_int_equal(fclose(f), 0);
}

static bool compare(const char *name, const char *ending, const char *seen,
		    struct buf *diff)
{
	const char *update = getenv("UPDATE_GOLDEN");
	scoped_free char *file = xasprintf("tests/golden/%s.%s", name, ending);
	scoped_free char *path = paths_source(file);
	if (update && strcmp(update, "1") == 0)
		write_golden(path, seen);
	scoped_free char *golden = read_file(path);
	if (strcmp(golden, seen) == 0)
		return true;
	scoped_free char *copy = xstrdup(seen);
	tell(file, golden, copy, diff);
	return false;
}

bool screen_is_golden(struct screen *s, const char *name, struct buf *diff)
{
	bool is_text = compare(name, "txt", screen_text(s), diff);
	return compare(name, "style", screen_styles(s), diff) && is_text;
}
