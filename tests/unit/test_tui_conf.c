/* The console's own file. The console relies on: a fault is named with file and
 * line and stops the start, what is printed as a sample can be read, and kept
 * filters are never half written nor written for somebody else. */
#include "tui/conf.h"

#include "lib/lang.h"
#include "lib/util.h"
#include "tests/support/check.h"
#include "tests/support/tempdir.h"
#include "tui/conf_table.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char *dir;

static int set_up(void **state)
{
	(void)state;
	dir = tempdir_create("conf");
	setenv("XDG_CONFIG_HOME", dir, 1);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	tempdir_destroy(dir);
	return 0;
}

static char *write_file(const char *name, const char *text, size_t len)
{
	char *path = tempdir_path(dir, name);
	FILE *file = fopen(path, "we");
	fwrite(text, 1, len, file);
	fclose(file);
	return path;
}

/* What is wrong with a text behind the file's name; "" for nothing. */
static char *problem_of(const char *text, size_t len, struct conf *c)
{
	scoped_free char *path = write_file("test.conf", text, len);
	char *problem = NULL;
	if (conf_read(c, path, &problem) == 0)
		return xstrdup("");
	assert_memory_equal(problem, path, strlen(path));
	char *rest = xstrdup(problem + strlen(path));
	free(problem);
	return rest;
}

static void test_defaults(void **state)
{
	(void)state;
	struct conf c;
	conf_init(&c);
	assert_int_equal(c.refresh_ms, 2000);
	assert_int_equal(c.times, FMT_AGO);
	assert_false(c.is_read_only || c.has_mouse || c.is_ascii);
	assert_true(c.has_borders);
	assert_int_equal(c.ambiguous, 0);
	assert_string_equal(c.color, "auto");
	assert_null(c.copy_command);
	assert_non_null(c.keymap);
	scoped_free char *wanted = tempdir_path(dir, "outbox");
	assert_string_equal(c.dir, wanted);
	char *problem = NULL;
	assert_int_equal(conf_read(&c, NULL, &problem), 0);
	scoped_free char *missing = tempdir_path(dir, "missing");
	assert_int_equal(conf_read(&c, missing, &problem), 0);
	conf_finish(&c);

	unsetenv("XDG_CONFIG_HOME");
	setenv("HOME", "/home/ana", 1);
	conf_init(&c);
	assert_string_equal(c.dir, "/home/ana/.config/outbox");
	conf_finish(&c);
	unsetenv("HOME");
	conf_init(&c);
	assert_null(c.dir);
	assert_int_equal(conf_read(&c, NULL, &problem), 0);
	assert_int_equal(conf_save_filter(&c, "a", "b", &problem), 1);
	free(problem);
	conf_finish(&c);
}

static void test_values(void **state)
{
	(void)state;
	static const char text[] = "# a comment\n"
				   "\n"
				   "  refresh=2500\r\n"
				   "times = UTC\n"
				   "\tread-only = yes\n"
				   "side = on\n"
				   "mouse = true\n"
				   "cursor = 1\n"
				   "ascii = On\n"
				   "borders = none\n"
				   "ambiguous = 2\n"
				   "color = never\n"
				   "copy-command = xclip -i = -\n"
				   "bind list D half-page-down\n"
				   "bind\tall  Q\tnone";
	struct conf c;
	conf_init(&c);
	scoped_free char *problem = problem_of(text, strlen(text), &c);
	assert_string_equal(problem, "");
	assert_int_equal(c.refresh_ms, 2500);
	assert_int_equal(c.times, FMT_UTC);
	assert_true(c.is_read_only && c.is_side_open && c.has_mouse);
	assert_true(c.has_cursor && c.is_ascii && !c.has_borders);
	assert_int_equal(c.ambiguous, 2);
	assert_string_equal(c.color, "never");
	assert_string_equal(c.copy_command, "xclip -i = -");
	assert_int_equal(keymap_find(c.keymap, IN_LIST, 'D'), ACTION_HALF_DOWN);
	assert_int_equal(keymap_find(c.keymap, IN_LIST, 'Q'), ACTION_NONE);
	unsigned where;
	int32_t key;
	enum action action;
	int line = 0;
	keymap_each(c.keymap, 0, &where, &key, &action, &line);
	assert_int_equal(line, 14);
	conf_finish(&c);
}

static const struct {
	const char *text, *problem;
} faults[] = {
	{"\nrefesh = 1000", ":2: there is no setting \"refesh\""},
	{"refresh = 249", ":1: refresh cannot be \"249\": 250 to 60000"},
	{"refresh = 60001", ":1: refresh cannot be \"60001\": 250 to 60000"},
	{"refresh = 9x", ":1: refresh cannot be \"9x\": 250 to 60000"},
	{"refresh =", ":1: refresh cannot be \"\": 250 to 60000"},
	{"times = now", ":1: times cannot be \"now\": ago, local, utc"},
	{"mouse = maybe", ":1: mouse cannot be \"maybe\": on, off"},
	{"ambiguous = 0", ":1: ambiguous cannot be \"0\": auto, 1, 2"},
	{"color = a", ":1: color cannot be \"a\": auto, never, always"},
	{"#\n#\nmouse", ":3: this is neither key = value nor bind VIEW KEY "
			"ACTION"},
	{"binder = 1", ":1: there is no setting \"binder\""},
	{"bind list D", ":1: write: bind VIEW KEY ACTION"},
	{"bind list D down now", ":1: write: bind VIEW KEY ACTION"},
	{"bind list D dance", ":1: no action has the name \"dance\""},
	{"bind list Foo down", ":1: no key has the name \"Foo\""},
	{"bind here D down", ":1: no view has the name \"here\": all, home, "
			     "list, failed, groups, detail, log, audit"},
	{"bind list r retry", ":1: retry changes the outbox: its key must be "
			      "an upper-case letter"},
	{"bind home B retry", ":1: retry is not known in the view home"},
	{"bind list B up\nbind list B down",
	 ":2: a line before gave B in list to another action"},
	{"\x1b[2J = 1", ":1: there is no setting \"\\x1b[2J\""},
};

static void test_faults(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(faults); i++) {
		struct conf c;
		conf_init(&c);
		scoped_free char *problem =
			problem_of(faults[i].text, strlen(faults[i].text), &c);
		assert_string_equal(problem, faults[i].problem);
		conf_finish(&c);
	}
	struct conf c;
	conf_init(&c);
	scoped_free char *nul = problem_of("mouse = on\0x\n", 13, &c);
	assert_string_equal(nul, ":1: this is no text, or too much");
	char *problem = NULL;
	assert_int_equal(conf_read(&c, dir, &problem), -1);
	assert_non_null(strstr(problem, "cannot be read"));
	free(problem);
	conf_finish(&c);
}

/* Read as it is, and with its values in force, it is what there was. */
static void test_sample(void **state)
{
	(void)state;
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);
	conf_print_sample(out);
	fclose(out);
	struct conf c;
	conf_init(&c);
	scoped_free char *as_is = problem_of(text, len, &c);
	assert_string_equal(as_is, "");
	for (size_t i = 0; i + 1 < len; i++) {
		if (text[i] == '#' && text[i + 1] != ' ')
			text[i] = ' ';
	}
	scoped_free char *in_force = problem_of(text, len, &c);
	assert_string_equal(in_force, "");
	assert_int_equal(c.refresh_ms, 2000);
	assert_null(c.copy_command);
	for (size_t i = 0; i < conf_table_len; i++)
		assert_non_null(strstr(text, conf_table[i].name));
	assert_non_null(strstr(text, "half-page-down"));
	free(text);
	conf_finish(&c);
}

static void assert_kept(const struct conf *c, const char *name,
			const char *wanted)
{
	char *text = NULL, *problem = NULL;
	assert_int_equal(conf_load_filter(c, name, &text, &problem), 0);
	assert_string_equal(text, wanted);
	free(text);
}

static void assert_not_kept(const struct conf *c, const char *name,
			    const char *part)
{
	char *text = NULL, *problem = NULL;
	assert_int_equal(conf_load_filter(c, name, &text, &problem), 1);
	if (!strstr(problem, part))
		fail_msg("%s", problem);
	assert_null(text);
	free(problem);
}

static void assert_not_saved(const struct conf *c, const char *name,
			     const char *text, const char *part)
{
	char *problem = NULL;
	assert_int_equal(conf_save_filter(c, name, text, &problem), 1);
	if (!strstr(problem, part))
		fail_msg("%s", problem);
	free(problem);
}

static void test_filters(void **state)
{
	(void)state;
	struct conf c;
	char *problem = NULL;
	conf_init(&c);
	assert_not_kept(&c, "a", "no filter is kept as a");
	assert_int_equal(conf_save_filter(&c, "a", "key:\"x = y\"", &problem),
			 0);
	assert_int_equal(conf_save_filter(&c, "王_2-b", "-to:王*", &problem),
			 0);
	assert_kept(&c, "a", "key:\"x = y\"");
	assert_kept(&c, "王_2-b", "-to:王*");
	assert_int_equal(conf_save_filter(&c, "a", "", &problem), 0);
	assert_kept(&c, "a", "");
	assert_kept(&c, "王_2-b", "-to:王*");
	assert_not_kept(&c, "b", "there are: a 王_2-b");

	struct stat st;
	scoped_free char *path = xasprintf("%s/filters", c.dir);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_int_equal(stat(c.dir, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0700);
	assert_int_equal(st.st_nlink, 2);
	conf_finish(&c);
}

static void test_filter_names(void **state)
{
	(void)state;
	static const char *const bad[] = {"",	 " ",	 "a b",	  "a/b", "..",
					  "a=b", "a\n",	 "\xff",  "，",	 "é",
					  "a.b", "\x1b", "a\xe4", "王 "};
	struct conf c;
	char *problem = NULL;
	conf_init(&c);
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_not_saved(&c, bad[i], "x", "is no name");
	scoped_free char *forty = xstrdup("王123456789王123456789"
					  "王123456789王123456789");
	scoped_free char *more = xasprintf("%sx", forty);
	assert_int_equal(conf_save_filter(&c, forty, "x", &problem), 0);
	assert_kept(&c, forty, "x");
	assert_not_saved(&c, more, "x", "is no name");
	assert_not_saved(&c, "a", "x\ny = z", "single line");
	conf_finish(&c);
}

/* A link stays a link; what is nobody's regular file, or not ours, is left
 * alone. */
static void test_filter_files(void **state)
{
	(void)state;
	struct conf c;
	char *problem = NULL;
	struct stat st;
	conf_init(&c);
	mkdir(c.dir, 0700);
	scoped_free char *path = xasprintf("%s/filters", c.dir);
	scoped_free char *target = write_file("real", "b = c\njunk\n", 11);
	assert_int_equal(symlink(target, path), 0);
	assert_int_equal(conf_save_filter(&c, "a", "x", &problem), 0);
	assert_int_equal(lstat(path, &st), 0);
	assert_true(S_ISLNK(st.st_mode));
	assert_kept(&c, "a", "x");
	assert_kept(&c, "b", "c");
	if (geteuid() == 0) {
		assert_int_equal(chown(target, 12345, 12345), 0);
		assert_not_saved(&c, "a", "y", "not your own");
		assert_not_kept(&c, "a", "not your own");
		assert_int_equal(chown(target, 0, 0), 0);
		assert_kept(&c, "a", "x");
	}
	unlink(path);
	mkdir(path, 0700);
	assert_int_equal(conf_save_filter(&c, "a", "y", &problem), 1);
	free(problem);
	conf_finish(&c);
}

/* What is run is not taken from somebody else's file. */
static void test_command_of_another(void **state)
{
	(void)state;
	struct conf c;
	conf_init(&c);
	if (geteuid() == 0) {
		scoped_free char *path =
			write_file("other", "copy-command = rm\n", 18);
		char *problem = NULL;
		assert_int_equal(chown(path, 12345, 12345), 0);
		assert_int_equal(conf_read(&c, path, &problem), -1);
		assert_non_null(strstr(problem, "file of your own"));
		free(problem);
	}
	assert_null(c.copy_command);
	conf_finish(&c);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
int main(void)
{
	lang_init("en");
	const struct CMUnitTest tests[] = {
		TEST(test_defaults),	 TEST(test_values),
		TEST(test_faults),	 TEST(test_sample),
		TEST(test_filters),	 TEST(test_filter_names),
		TEST(test_filter_files), TEST(test_command_of_another),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
