/* Terms, fields and values of what was typed. */
#include "lib/lang.h"
#include "lib/util.h"
#include "tui/filter_internal.h"

#include <stdlib.h>
#include <string.h>

struct reader {
	const char *text; /* borrowed */
	size_t len, at, values;
	struct filter_error *error; /* borrowed */
};

static struct filter_char peek(const struct reader *r)
{
	return filter_char_at(r->text, r->len, r->at);
}

static bool take(struct reader *r, uint32_t code)
{
	struct filter_char c = peek(r);
	if (!c.len || c.code != code)
		return false;
	r->at += c.len;
	return true;
}

static bool is_at_end(struct filter_char c)
{
	return !c.len || c.is_blank;
}

static void skip_blanks(struct reader *r)
{
	for (struct filter_char c; (c = peek(r)).is_blank;)
		r->at += c.len;
}

static int fault(struct reader *r, size_t from, size_t to, const char *message)
{
	return filter_error_set(r->error, from, to - from, message);
}

static int complain_field(struct reader *r, size_t from, size_t to)
{
	scoped_buf names = {0};
	const char *name, *example, *help;
	for (size_t i = 0; (name = filter_field_name(i, &example, &help)); i++)
		buf_addf(&names, "%s%s", i ? " " : "", name);
	scoped_free char *message =
		xasprintf(_("No such field. There are: %s."), buf_str(&names));
	return fault(r, from, to, message);
}

/* One of : = < <= > >=, and :< and the like, which some are used to. */
static bool take_op(struct reader *r, enum filter_op *op_out)
{
	bool has_colon = take(r, ':');
	if (take(r, '<'))
		*op_out = take(r, '=') ? OP_AT_MOST : OP_LESS;
	else if (take(r, '>'))
		*op_out = take(r, '=') ? OP_AT_LEAST : OP_MORE;
	else if (has_colon || take(r, '='))
		*op_out = OP_IS;
	else
		return false;
	return true;
}

static bool is_letter(uint32_t code)
{
	return (code >= 'a' && code <= 'z') || (code >= 'A' && code <= 'Z') ||
	       code == '_';
}

/* "state:" and the like; what has no such beginning is a word. */
static int read_field(struct reader *r, struct filter_term *term)
{
	size_t from = r->at;
	scoped_buf name = {0};
	for (struct filter_char c; is_letter((c = peek(r)).code);
	     r->at += c.len)
		filter_char_add(&name, r->text, c, true);
	size_t to = r->at;
	if (!name.len || !take_op(r, &term->op)) {
		r->at = from;
		term->field = filter_field_word();
		return 0;
	}
	term->field = filter_field_find(buf_str(&name), name.len);
	if (!term->field)
		return complain_field(r, from, to);
	if (term->op != OP_IS && !filter_kind_has_order(term->field->kind))
		return fault(r, from, r->at,
			     _("This field has no order: use a colon."));
	return 0;
}

/* What an ASCII quote opened only such a one closes. */
static int read_quoted(struct reader *r, struct buf *b)
{
	size_t from = r->at;
	bool is_ascii = r->text[r->at] == '"';
	r->at += peek(r).len;
	for (struct filter_char c; (c = peek(r)).len; r->at += c.len) {
		if (c.is_quote && (!is_ascii || r->text[c.at] == '"')) {
			r->at += c.len;
			return 0;
		}
		const char *next = r->text + c.at + 1;
		if (r->text[c.at] == '\\' && (*next == '"' || *next == '\\')) {
			r->at += c.len;
			c = peek(r);
		}
		filter_char_add(b, r->text, c, false);
	}
	return fault(r, from, r->len,
		     _("The quote is not closed: add one at the end."));
}

static bool is_bare_end(const struct filter_term *term, struct filter_char c)
{
	return is_at_end(c) ||
	       (c.code == ',' && term->field->kind != KIND_WORD);
}

static void read_bare(struct reader *r, const struct filter_term *term,
		      struct filter_value *v, struct buf *b)
{
	struct filter_char c;
	for (; !is_bare_end(term, c = peek(r)); r->at += c.len)
		filter_char_add(b, r->text, c, true);
	if (b->len && b->data[b->len - 1] == '*') {
		b->data[--b->len] = '\0';
		v->is_prefix = true;
	}
}

static int read_text(struct reader *r, const struct filter_term *term,
		     struct filter_value *v, struct buf *b)
{
	if (!peek(r).is_quote) {
		read_bare(r, term, v, b);
		return 0;
	}
	int rc = read_quoted(r, b);
	if (rc)
		return rc;
	v->is_prefix = take(r, '*');
	if (is_bare_end(term, peek(r)))
		return 0;
	size_t from = r->at;
	return fault(r, from, from + peek(r).len,
		     _("A blank is missing behind the quote."));
}

static int read_value(struct reader *r, struct filter_term *term,
		      size_t term_at)
{
	scoped_buf b = {0};
	struct filter_value v = {.at = r->at};
	int rc = read_text(r, term, &v, &b);
	if (rc)
		return rc;
	v.len = r->at - v.at;
	if (!b.len && !v.is_prefix)
		return fault(r, term_at, r->at,
			     _("A value is missing: give one, or delete it."));
	if (v.is_prefix && !filter_kind_has_prefix(term->field->kind))
		return fault(r, v.at, r->at,
			     _("This field takes no * at the end."));
	if (++r->values > FILTER_VALUES_MAX)
		return fault(r, v.at, r->at,
			     _("Too many values: a filter has at most 100."));
	v.text = xstrdup(buf_str(&b));
	rc = filter_value_read(term, &v, r->error);
	if (rc) {
		free(v.text);
		return rc;
	}
	term->values = xrealloc(term->values,
				(term->count + 1) * sizeof(*term->values));
	term->values[term->count++] = v;
	return 0;
}

static bool take_minus(struct reader *r)
{
	size_t from = r->at;
	if (!take(r, '-'))
		return false;
	if (is_at_end(peek(r)))
		r->at = from; /* a word of one character */
	return r->at != from;
}

static int read_term(struct reader *r, struct filter_term *term)
{
	size_t from = r->at;
	term->is_negated = take_minus(r);
	int rc = read_field(r, term);
	do {
		if (rc == 0)
			rc = read_value(r, term, from);
	} while (rc == 0 && take(r, ','));
	return rc;
}

int filter_read_terms(struct filter *f, const char *text, size_t len,
		      struct filter_error *error)
{
	struct reader r = {.text = text, .len = len, .error = error};
	for (;;) {
		skip_blanks(&r);
		if (r.at >= len)
			return 0;
		if (f->term_count == FILTER_TERMS_MAX)
			return fault(&r, r.at, len,
				     _("Too many terms: a filter has at most "
				       "32."));
		int rc = read_term(&r, &f->terms[f->term_count++]);
		if (rc)
			return rc;
	}
}
