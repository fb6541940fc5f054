#include "tui/action.h"

#include "lib/lang.h"
#include "lib/util.h"

#include <assert.h>
#include <string.h>

/* The words of the table without their prefixes. */
enum {
	ALL = IN_ALL,
	LIST = IN_LIST,
	LISTS = IN_LISTS,
	FAILED = IN_FAILED,
	DETAIL = IN_DETAIL,
	LOG = IN_LOG,
	TEXTS = IN_TEXTS,
	ROWS = IN_ROWS,
	CHANGES = ACTION_CHANGES,
	ROW = ACTION_ROW
};

static const struct action_row rows[] = {
	[ACTION_NONE] = {.name = "", .keys = "", .label = "", .help = ""},
#define GROUP(title)
#define ACTION(id, name, where, flags, keys, label, help) \
	[ACTION_##id] = {name, where, flags, keys, label, help},
#include "tui/action_table.h"
#undef ACTION
#undef GROUP
};
static_assert(ARRAY_LEN(rows) == ACTION_COUNT, "a row for each action");

/* Which group an action belongs to is where it stands in the table. */
static const int lines[] = {
#define GROUP(title)
#define ACTION(id, ...) [ACTION_##id] = __LINE__,
#include "tui/action_table.h"
#undef ACTION
#undef GROUP
};

static const struct {
	int line;
	const char *title;
} groups[] = {
#define GROUP(title) {__LINE__, title},
#define ACTION(...)
#include "tui/action_table.h"
#undef ACTION
#undef GROUP
};

const struct action_row *action_row(enum action action)
{
	assert(action < ACTION_COUNT);
	return &rows[action];
}

const char *action_group(enum action action)
{
	assert(action < ACTION_COUNT);
	const char *title = "";
	for (size_t i = 0; i < ARRAY_LEN(groups); i++) {
		if (groups[i].line < lines[action])
			title = groups[i].title;
	}
	return title;
}

enum action action_find(const char *name)
{
	for (size_t i = ACTION_NONE + 1; i < ARRAY_LEN(rows); i++) {
		if (strcmp(rows[i].name, name) == 0)
			return (enum action)i;
	}
	return ACTION_NONE;
}
