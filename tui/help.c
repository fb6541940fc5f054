#include "tui/help.h"

#include "lib/buf.h"
#include "lib/lang.h"
#include "lib/util.h"
#include "tui/filter.h"

#include <stdlib.h>
#include <string.h>

enum { KEYS_MAX = 16 };

/* Actions that one line says, as people learn them together. */
static const struct {
	enum action first, last;
	const char *text;
} together[] = {
	{ACTION_DOWN, ACTION_UP, N_("line")},
	{ACTION_HALF_DOWN, ACTION_HALF_UP, N_("half a page")},
	{ACTION_PAGE_DOWN, ACTION_PAGE_UP, N_("page")},
	{ACTION_FIRST, ACTION_LAST, N_("first, last")},
	{ACTION_LEFT, ACTION_RIGHT, N_("scroll sideways")},
	{ACTION_TAB_1, ACTION_TAB_8, N_("the tabs")},
	{ACTION_NEXT_TAB, ACTION_PREVIOUS_TAB, N_("next tab, tab before")},
	{ACTION_NEXT_ITEM, ACTION_PREVIOUS_ITEM, N_("next, previous row")},
	{ACTION_SEARCH_NEXT, ACTION_SEARCH_BEFORE, N_("next, previous match")},
};

/* What follows the key of ACTION_COPY. */
static const struct {
	char key;
	const char *text;
} copies[] = {
	{'i', N_("its id")},
	{'p', N_("its payload")},
	{'e', N_("its last error")},
	{'l', N_("its line, as columns")},
};

static const struct {
	unsigned where;
	const char *name;
} names[] = {
	{IN_FAILED, N_("what failed")}, {IN_LIST, N_("a list")},
	{IN_DETAIL, N_("a row")},	{IN_LOG, N_("the log")},
	{IN_AUDIT, N_("the audit")},	{IN_HOME, N_("Home")},
};

const char *help_view_name(unsigned where)
{
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		if (where & names[i].where)
			return _(names[i].name);
	}
	return _(names[1].name);
}

/* The nth of names between blanks; its length goes to *len_out, 0: none. */
static const char *nth(const char *list, int n, size_t *len_out)
{
	for (; n > 0 && *list; n--) {
		list += strcspn(list, " ");
		list += strspn(list, " ");
	}
	*len_out = strcspn(list, " ");
	return list;
}

/* "1-8" where the first keys of all follow each other; else NULL. */
static char *range(char *const *keys, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		size_t len;
		nth(keys[i], 0, &len);
		if (len != 1 || keys[i][0] != keys[0][0] + (int)i)
			return NULL;
	}
	return count > 2 ? xasprintf("%c-%c", keys[0][0], keys[count - 1][0])
			 : NULL;
}

/* "j k Down Up": first the first keys of all, then the second. */
static char *mix(char *const *keys, size_t count)
{
	struct buf out = {0};
	char *all = range(keys, count);
	for (int n = all != NULL; n < KEYS_MAX; n++) {
		for (size_t i = 0; i < count; i++) {
			size_t len;
			const char *key = nth(keys[i], n, &len);
			if (len && (out.len || all))
				buf_addc(&out, ' ');
			buf_add(&out, key, len);
		}
	}
	char *mixed = xasprintf("%s%s", all ? all : "", buf_str(&out));
	buf_finish(&out);
	free(all);
	return mixed;
}

struct writer {
	struct help *help;
	const struct keymap *km;
	unsigned where;
	const char *needle, *head;
};

static void push(struct help *h, struct help_line line)
{
	h->lines = xrealloc(h->lines, (h->count + 1) * sizeof(*h->lines));
	h->lines[h->count++] = line;
}

/* Takes the keys over. */
static void add(struct writer *w, const char *head, char *keys,
		const char *text, bool is_off)
{
	if (!strcasestr(keys, w->needle) && !strcasestr(text, w->needle)) {
		free(keys);
		return;
	}
	if (w->head != head) {
		struct help_line line = {true, is_off, xstrdup(""),
					 xstrdup(_(head))};
		push(w->help, line);
	}
	w->head = head;
	push(w->help, (struct help_line){false, is_off, keys, xstrdup(text)});
}

static void add_copies(struct writer *w, const char *head, const char *keys)
{
	size_t len;
	nth(keys, 0, &len);
	for (size_t i = 0; i < ARRAY_LEN(copies); i++)
		add(w, head,
		    xasprintf("%.*s %c", (int)len, keys, copies[i].key),
		    _(copies[i].text), false);
}

static void add_actions(struct writer *w, enum action first, enum action last,
			const char *text)
{
	const struct action_row *row = action_row(first);
	size_t count = (size_t)last - (size_t)first + 1;
	char *keys[ACTION_COUNT];
	for (size_t i = 0; i < count; i++)
		keys[i] = keymap_keys(w->km, w->where,
				      (enum action)(first + (int)i));
	scoped_free char *all = mix(keys, count);
	if (first == ACTION_COPY && *all)
		add_copies(w, action_group(first), all);
	else
		add(w, action_group(first),
		    *all ? xstrdup(all) : xasprintf(":%s", row->name), _(text),
		    row->flags & ACTION_CHANGES);
	for (size_t i = 0; i < count; i++)
		free(keys[i]);
}

static enum action last_of(enum action action, const char **text_out)
{
	*text_out = action_row(action)->help;
	for (size_t i = 0; i < ARRAY_LEN(together); i++) {
		if (together[i].first == action) {
			*text_out = together[i].text;
			return together[i].last;
		}
	}
	return action;
}

/* In short where everything is shown, field by field for who searches. */
static void add_filter(struct writer *w)
{
	static const char head[] = N_("FILTER");
	const char *example = NULL, *help = NULL;
	scoped_buf all = {0};
	for (size_t i = 0; filter_field_name(i, &example, &help); i++) {
		if (*w->needle)
			add(w, head, xstrdup(example), help, false);
		buf_addf(&all, "%s%s", i ? "  " : "", example);
	}
	if (!*w->needle)
		add(w, head, xstrdup(""), buf_str(&all), false);
	add(w, head, xstrdup(""),
	    _("word: in id, key, to or error. Two terms: both. a,b: either. "
	      "-term: not. * at the end: begins so."),
	    false);
}

void help_init(struct help *h, const struct keymap *km, unsigned where,
	       const char *needle)
{
	*h = (struct help){0};
	struct writer w = {h, km, where, needle, NULL};
	for (int i = ACTION_NONE + 1; i < ACTION_COUNT; i++) {
		const char *text;
		enum action first = (enum action)i;
		enum action last = last_of(first, &text);
		if (action_row(first)->where & where)
			add_actions(&w, first, last, text);
		i = (int)last;
	}
	if (where & IN_LISTS)
		add_filter(&w);
}

void help_finish(struct help *h)
{
	for (size_t i = 0; i < h->count; i++) {
		free(h->lines[i].keys);
		free(h->lines[i].text);
	}
	free(h->lines);
	*h = (struct help){0};
}
