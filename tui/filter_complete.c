/* What may stand where the cursor is. */
#include "lib/util.h"
#include "tui/filter_internal.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* The term that the cursor is in, up to the cursor. */
struct place {
	const char *text;		  /* borrowed */
	size_t len;			  /* up to the cursor */
	size_t from;			  /* of the name, or of the value */
	const struct filter_field *field; /* NULL: no field yet */
	bool is_quoted;
};

static void begin_term(struct place *p, size_t from)
{
	p->from = from;
	p->field = NULL;
}

static bool is_one_of(struct filter_char c, const char *ascii)
{
	return c.code && c.code < 0x80 && strchr(ascii, (int)c.code);
}

/* One character on the way to the cursor. */
static void pass(struct place *p, struct filter_char c)
{
	bool is_first = c.at == p->from;
	if (c.is_quote)
		p->is_quoted = !p->is_quoted;
	if (p->is_quoted)
		return;
	if (c.is_blank || (!p->field && is_first && is_one_of(c, "-"))) {
		begin_term(p, c.at + c.len);
	} else if (p->field) {
		if (is_one_of(c, ",") || (is_first && is_one_of(c, "<>=")))
			p->from = c.at + c.len;
	} else if (is_one_of(c, ":=<>")) {
		p->field = filter_field_find(p->text + p->from, c.at - p->from);
		p->from = p->field ? c.at + c.len : p->from;
	}
}

static struct place find_place(const char *text, size_t cursor)
{
	struct place p = {.text = text, .len = MIN(cursor, strlen(text))};
	struct filter_char c;
	for (size_t at = 0; (c = filter_char_at(text, p.len, at)).len;
	     at += c.len)
		pass(&p, c);
	return p;
}

/* Takes the text over if there is room. */
static void offer(struct filter_completion *out, char *text)
{
	if (out->count < FILTER_COMPLETIONS)
		out->texts[out->count++] = text;
	else
		free(text);
}

static bool begins(const char *name, const struct place *p)
{
	return !strncasecmp(name, p->text + p->from, p->len - p->from);
}

static void offer_fields(struct filter_completion *out, const struct place *p)
{
	const char *name, *example, *help;
	for (size_t i = 0; (name = filter_field_name(i, &example, &help));
	     i++) {
		if (begins(name, p))
			offer(out, xasprintf("%s:", name));
	}
}

static void offer_states(struct filter_completion *out, const struct place *p)
{
	for (unsigned s = 0; s < MESSAGE_STATUS_COUNT; s++) {
		const char *name;
		for (size_t i = 0; (name = filter_state_name(s, i)); i++) {
			if (!begins(name, p))
				continue;
			offer(out, xstrdup(filter_state_name(s, 0)));
			break;
		}
	}
}

/* Whether it can stand without quotes. */
static bool is_plain(const char *text)
{
	for (const char *s = text; *s; s++) {
		if (!strchr("-_./0123456789", *s) &&
		    !(*s >= 'a' && *s <= 'z') && !(*s >= 'A' && *s <= 'Z'))
			return false;
	}
	return *text != '\0';
}

static void offer_channels(struct filter_completion *out, const struct place *p,
			   const char *const *channels)
{
	for (; channels && *channels; channels++) {
		struct buf b = {0};
		if (!begins(*channels, p))
			continue;
		if (is_plain(*channels))
			buf_adds(&b, *channels);
		else
			filter_quote(&b, *channels);
		offer(out, buf_detach(&b));
	}
}

void filter_complete(const char *text, size_t cursor,
		     const char *const *channels, struct filter_completion *out)
{
	struct place p = find_place(text, cursor);
	*out = (struct filter_completion){.from = p.from, .to = p.len};
	if (p.is_quoted)
		return;
	if (!p.field)
		offer_fields(out, &p);
	else if (p.field->kind == KIND_STATE)
		offer_states(out, &p);
	else if (!strcmp(p.field->name, "channel"))
		offer_channels(out, &p, channels);
}

void filter_completion_finish(struct filter_completion *c)
{
	for (size_t i = 0; i < c->count; i++)
		free(c->texts[i]);
	*c = (struct filter_completion){0};
}
