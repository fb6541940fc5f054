#include "tui/keymap.h"

#include "lib/buf.h"
#include "lib/util.h"

#include <stdlib.h>
#include <string.h>

struct binding {
	unsigned where;
	int32_t key;
	enum action action; /* ACTION_NONE: the key is taken away */
	int line;	    /* 0: a default */
};

struct keymap {
	struct binding *list; /* own; lines first, then defaults */
	size_t count;
	size_t line_count;
};

static const struct {
	const char *name;
	unsigned where;
} views[] = {
	{"all", IN_ALL},       {"home", IN_HOME},     {"list", IN_LIST},
	{"failed", IN_FAILED}, {"groups", IN_GROUPS}, {"detail", IN_DETAIL},
	{"log", IN_LOG},       {"audit", IN_AUDIT},
};

/* Every mask that a view can have: a key has one action in each. */
static const unsigned screens[] = {
	IN_HOME,
	IN_LIST,
	IN_LIST | IN_FAILED,
	IN_GROUPS,
	IN_GROUPS | IN_FAILED,
	IN_DETAIL,
	IN_LOG,
	IN_AUDIT,
};

static bool is_known(enum action action, unsigned where)
{
	return action == ACTION_NONE || action_row(action)->where & where;
}

/* The Failed tab is a list or groups, too: its lines are the closer ones. */
static int rank(unsigned where)
{
	return where == IN_ALL ? 0 : where == IN_FAILED ? 2 : 1;
}

static void add(struct keymap *km, size_t at, struct binding binding)
{
	km->list = xrealloc(km->list, (km->count + 1) * sizeof(*km->list));
	memmove(&km->list[at + 1], &km->list[at],
		(km->count - at) * sizeof(*km->list));
	km->list[at] = binding;
	km->count++;
}

static void add_defaults(struct keymap *km, enum action action)
{
	const struct action_row *row = action_row(action);
	for (const char *at = row->keys; *at;) {
		size_t len = strcspn(at, " ");
		int32_t key = input_parse(at, len);
		if (key != INPUT_NONE)
			add(km, km->count,
			    (struct binding){row->where, key, action, 0});
		at += len;
		at += strspn(at, " ");
	}
}

struct keymap *keymap_create(void)
{
	struct keymap *km = xcalloc(1, sizeof(*km));
	for (int i = ACTION_NONE + 1; i < ACTION_COUNT; i++)
		add_defaults(km, (enum action)i);
	return km;
}

void keymap_destroy(struct keymap *km)
{
	if (!km)
		return;
	free(km->list);
	free(km);
}

/* What changes the outbox must not lie where a slip of the hand, or a paste,
 * finds it. Undoing only takes such a change back. */
static bool is_allowed(enum action action, int32_t key)
{
	bool is_upper = key >= 'A' && key <= 'Z';
	bool is_lower = key >= 'a' && key <= 'z';
	if (action == ACTION_UNDO)
		return is_upper || is_lower;
	return is_upper || !(action_row(action)->flags & ACTION_CHANGES);
}

static unsigned find_view(const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(views); i++) {
		if (strcmp(views[i].name, name) == 0)
			return views[i].where;
	}
	return 0;
}

static bool is_known_somewhere(enum action action, unsigned where)
{
	for (size_t i = 0; i < ARRAY_LEN(screens); i++) {
		if (screens[i] & where && is_known(action, screens[i]))
			return true;
	}
	return false;
}

/* The places of lines are in falling rank, so that the first one found is the
 * closest. */
static enum keymap_outcome add_line(struct keymap *km, struct binding binding)
{
	size_t at = 0;
	for (; at < km->line_count; at++) {
		const struct binding *b = &km->list[at];
		if (rank(b->where) < rank(binding.where))
			break;
		if (b->where == binding.where && b->key == binding.key)
			return b->action == binding.action ? KEYMAP_OK
							   : KEYMAP_CLASH;
	}
	add(km, at, binding);
	km->line_count++;
	return KEYMAP_OK;
}

enum keymap_outcome keymap_bind(struct keymap *km, const char *view,
				const char *key, const char *action, int line)
{
	struct binding b = {
		.where = find_view(view),
		.key = input_fold(input_parse(key, strlen(key))),
		.action = action_find(action),
		.line = line,
	};
	if (!b.where)
		return KEYMAP_NO_VIEW;
	if (b.key == INPUT_NONE)
		return KEYMAP_NO_KEY;
	if (b.action == ACTION_NONE && strcmp(action, "none") != 0)
		return KEYMAP_NO_ACTION;
	if (!is_allowed(b.action, b.key))
		return KEYMAP_NOT_ALLOWED;
	if (!is_known_somewhere(b.action, b.where))
		return KEYMAP_NOT_THERE;
	return add_line(km, b);
}

enum action keymap_find(const struct keymap *km, unsigned where, int32_t key)
{
	key = input_fold(key);
	for (size_t i = 0; i < km->count; i++) {
		const struct binding *b = &km->list[i];
		if (b->key == key && b->where & where &&
		    is_known(b->action, where))
			return b->action;
	}
	return ACTION_NONE;
}

char *keymap_keys(const struct keymap *km, unsigned where, enum action action)
{
	struct buf out = {0};
	for (size_t i = 0; i < km->count; i++) {
		const struct binding *b = &km->list[i];
		char name[INPUT_NAME_LEN];
		if (b->action != action || !(b->where & where) ||
		    keymap_find(km, where, b->key) != action)
			continue;
		input_name(b->key, name);
		buf_addf(&out, "%s%s", out.len ? " " : "", name);
	}
	return out.len ? buf_detach(&out) : xstrdup("");
}

static bool is_in_force(const struct keymap *km, const struct binding *b)
{
	for (size_t i = 0; i < ARRAY_LEN(screens); i++) {
		if (screens[i] & b->where && is_known(b->action, screens[i]) &&
		    keymap_find(km, screens[i], b->key) == b->action)
			return true;
	}
	return false;
}

int keymap_each(const struct keymap *km, size_t index, unsigned *where_out,
		int32_t *key_out, enum action *action_out, int *line_out)
{
	for (size_t i = 0; i < km->count; i++) {
		const struct binding *b = &km->list[i];
		if (!is_in_force(km, b) || index-- > 0)
			continue;
		*where_out = b->where;
		*key_out = b->key;
		*action_out = b->action;
		*line_out = b->line;
		return 1;
	}
	return 0;
}
