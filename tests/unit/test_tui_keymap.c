/* The table of actions and the keys on it. The console relies on: a key means
 * one thing in each view, what changes the outbox lies on upper-case letters,
 * and a bind line changes its view alone. */
#include "tui/keymap.h"

#include "lib/util.h"
#include "tests/support/check.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* Every mask that a view has. */
static const unsigned screens[] = {
	IN_HOME,   IN_LIST,
	IN_GROUPS, IN_LIST | IN_FAILED,
	IN_DETAIL, IN_GROUPS | IN_FAILED,
	IN_LOG,	   IN_AUDIT,
};

static void test_table(void **state)
{
	(void)state;
	for (int i = ACTION_NONE + 1; i < ACTION_COUNT; i++) {
		enum action action = (enum action)i;
		const struct action_row *row = action_row(action);
		assert_non_null(row->name);
		assert_int_equal(action_find(row->name), action);
		assert_true(row->where & IN_ALL);
		assert_true(*row->help);
		assert_true(*action_group(action));
	}
	assert_string_equal(action_row(ACTION_NONE)->name, "");
	assert_string_equal(action_group(ACTION_NONE), "");
	assert_int_equal(action_find("no-such"), ACTION_NONE);
	assert_int_equal(action_find(""), ACTION_NONE);
	assert_string_equal(action_group(ACTION_DOWN), "MOVE");
	assert_string_equal(action_group(ACTION_PREVIOUS_ITEM), "MOVE");
	assert_string_equal(action_group(ACTION_FILTER), "FIND");
	assert_string_equal(action_group(ACTION_RETRY), "CHANGE");
	assert_string_equal(action_group(ACTION_WRITE), "BY NAME ONLY");
}

/* Every name of a key in the table is one, and comes back as it is. */
static void test_table_keys(void **state)
{
	(void)state;
	struct keymap *km = keymap_create();
	for (size_t s = 0; s < ARRAY_LEN(screens); s++) {
		for (int i = ACTION_NONE + 1; i < ACTION_COUNT; i++) {
			const struct action_row *row =
				action_row((enum action)i);
			scoped_free char *keys =
				keymap_keys(km, screens[s], (enum action)i);
			const char *wanted =
				row->where & screens[s] ? row->keys : "";
			if (strcmp(keys, wanted) != 0)
				fail_msg("%s in %#x: \"%s\"", row->name,
					 screens[s], keys);
		}
	}
	keymap_destroy(km);
}

/* No two actions of a view have the same key. */
static void test_no_clash(void **state)
{
	(void)state;
	struct keymap *km = keymap_create();
	unsigned where, other_where;
	enum action action, other;
	int32_t key, other_key;
	int line;
	size_t count = 0;
	while (keymap_each(km, count, &where, &key, &action, &line)) {
		assert_int_equal(line, 0);
		for (size_t j = 0; j < count; j++) {
			keymap_each(km, j, &other_where, &other_key, &other,
				    &line);
			for (size_t s = 0; s < ARRAY_LEN(screens); s++) {
				if (key == other_key && where & screens[s] &&
				    other_where & screens[s])
					fail_msg("%s and %s",
						 action_row(action)->name,
						 action_row(other)->name);
			}
		}
		count++;
	}
	assert_in_range(count, 60, 200);
	keymap_destroy(km);
}

static void test_what_changes(void **state)
{
	(void)state;
	for (int i = ACTION_NONE + 1; i < ACTION_COUNT; i++) {
		const struct action_row *row = action_row((enum action)i);
		if (!(row->flags & ACTION_CHANGES) || i == ACTION_UNDO)
			continue;
		assert_int_equal(strlen(row->keys), 1);
		assert_true(isupper((unsigned char)row->keys[0]));
	}
}

static void test_find(void **state)
{
	(void)state;
	struct keymap *km = keymap_create();
	assert_int_equal(keymap_find(km, IN_LIST, 'j'), ACTION_DOWN);
	assert_int_equal(keymap_find(km, IN_HOME, INPUT_DOWN), ACTION_DOWN);
	assert_int_equal(keymap_find(km, IN_LIST, 0xff4a), ACTION_DOWN);
	assert_int_equal(keymap_find(km, IN_LIST, 0xff1a), ACTION_COMMAND);
	assert_int_equal(keymap_find(km, IN_LIST, 0x3000), ACTION_MARK);
	assert_int_equal(keymap_find(km, IN_LIST, '/'), ACTION_FILTER);
	assert_int_equal(keymap_find(km, IN_LOG, '/'), ACTION_SEARCH);
	assert_int_equal(keymap_find(km, IN_HOME, '/'), ACTION_NONE);
	assert_int_equal(keymap_find(km, IN_LIST, 'e'), ACTION_NONE);
	assert_int_equal(keymap_find(km, IN_LIST | IN_FAILED, 'e'),
			 ACTION_GROUPS);
	assert_int_equal(keymap_find(km, IN_LIST, INPUT_CTRL('D')),
			 ACTION_HALF_DOWN);
	assert_int_equal(keymap_find(km, IN_LIST, INPUT_NONE), ACTION_NONE);
	assert_int_equal(keymap_find(km, IN_LIST, 0x738b), ACTION_NONE);
	keymap_destroy(km);
	keymap_destroy(NULL);
}

static const struct {
	const char *view, *key, *action;
	enum keymap_outcome outcome;
} binds[] = {
	{"list", "D", "half-page-down", KEYMAP_OK},
	{"list", "D", "half-page-down", KEYMAP_OK},
	{"list", "D", "down", KEYMAP_CLASH},
	{"failed", "D", "down", KEYMAP_OK},
	{"all", "D", "up", KEYMAP_OK},
	{"list", "F13", "down", KEYMAP_NO_KEY},
	{"list", "", "down", KEYMAP_NO_KEY},
	{"list", "D", "dance", KEYMAP_NO_ACTION},
	{"list", "D", "", KEYMAP_NO_ACTION},
	{"lists", "D", "down", KEYMAP_NO_VIEW},
	{"home", "Z", "retry", KEYMAP_NOT_THERE},
	{"log", "W", "follow", KEYMAP_OK},
	{"failed", "Y", "retry", KEYMAP_OK},
	{"failed", "B", "follow", KEYMAP_NOT_THERE},
	{"list", "Ctrl-R", "retry", KEYMAP_NOT_ALLOWED},
	{"list", "Del", "cancel", KEYMAP_NOT_ALLOWED},
	{"list", "Backspace", "cancel", KEYMAP_NOT_ALLOWED},
	{"list", "F5", "retry", KEYMAP_NOT_ALLOWED},
	{"list", "r", "retry", KEYMAP_NOT_ALLOWED},
	{"list", "x", "cancel", KEYMAP_NOT_ALLOWED},
	{"list", "E", "edit", KEYMAP_OK},
	{"all", "\xef\xbd\x90", "pause", KEYMAP_NOT_ALLOWED}, /* wide p */
	{"all", "5", "pause", KEYMAP_NOT_ALLOWED},
	{"all", "u", "undo", KEYMAP_OK},
	{"all", "B", "undo", KEYMAP_OK},
	{"all", "Ctrl-U", "undo", KEYMAP_NOT_ALLOWED},
	{"list", "x", "none", KEYMAP_OK},
};

static void test_bind_outcomes(void **state)
{
	(void)state;
	struct keymap *km = keymap_create();
	for (size_t i = 0; i < ARRAY_LEN(binds); i++) {
		int rc = (int)keymap_bind(km, binds[i].view, binds[i].key,
					  binds[i].action, (int)i + 1);
		if (rc != (int)binds[i].outcome)
			fail_msg("bind %zu: %d", i, rc);
	}
	keymap_destroy(km);
}

/* The closer line wins, whichever came first; elsewhere nothing changes. */
static void test_bind(void **state)
{
	(void)state;
	struct keymap *km = keymap_create();
	keymap_bind(km, "failed", "x", "first", 3);
	keymap_bind(km, "all", "x", "down", 4);
	keymap_bind(km, "list", "x", "up", 5);
	keymap_bind(km, "list", "j", "none", 6);
	keymap_bind(km, "all", "Y", "retry", 7);
	keymap_bind(km, "all", "w", "help", 8);
	assert_int_equal(keymap_find(km, IN_LIST | IN_FAILED, 'x'),
			 ACTION_FIRST);
	assert_int_equal(keymap_find(km, IN_GROUPS | IN_FAILED, 'x'),
			 ACTION_FIRST);
	assert_int_equal(keymap_find(km, IN_LIST, 'x'), ACTION_UP);
	assert_int_equal(keymap_find(km, IN_HOME, 'x'), ACTION_DOWN);
	assert_int_equal(keymap_find(km, IN_LIST, 'j'), ACTION_NONE);
	assert_int_equal(keymap_find(km, IN_HOME, 'j'), ACTION_DOWN);
	assert_int_equal(keymap_find(km, IN_DETAIL, 'Y'), ACTION_RETRY);
	assert_int_equal(keymap_find(km, IN_HOME, 'Y'), ACTION_NONE);
	assert_int_equal(keymap_find(km, IN_LOG, 'w'), ACTION_HELP);
	scoped_free char *list = keymap_keys(km, IN_LIST, ACTION_DOWN);
	assert_string_equal(list, "Down");
	scoped_free char *home = keymap_keys(km, IN_HOME, ACTION_DOWN);
	assert_string_equal(home, "x j Down");
	scoped_free char *retry = keymap_keys(km, IN_DETAIL, ACTION_RETRY);
	assert_string_equal(retry, "Y R");
	scoped_free char *wrap = keymap_keys(km, IN_LOG, ACTION_WRAP);
	assert_string_equal(wrap, "");
	keymap_destroy(km);
}

static void test_each_leaves_out_what_is_hidden(void **state)
{
	(void)state;
	struct keymap *km = keymap_create();
	keymap_bind(km, "all", "j", "up", 9);
	unsigned where;
	enum action action;
	int32_t key;
	int line, lines = 0;
	for (size_t i = 0; keymap_each(km, i, &where, &key, &action, &line);
	     i++) {
		if (key == 'j')
			assert_int_equal(action, ACTION_UP);
		lines += line == 9;
	}
	assert_int_equal(lines, 1);
	keymap_destroy(km);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_table),
		cmocka_unit_test(test_table_keys),
		cmocka_unit_test(test_no_clash),
		cmocka_unit_test(test_what_changes),
		cmocka_unit_test(test_find),
		cmocka_unit_test(test_bind_outcomes),
		cmocka_unit_test(test_bind),
		cmocka_unit_test(test_each_leaves_out_what_is_hidden),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
