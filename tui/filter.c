#include "tui/filter.h"

#include "lib/lang.h"
#include "lib/text.h"
#include "lib/util.h"
#include "tui/filter_internal.h"
#include "tui/groups.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The text without the blanks at its ends. */
static char *trim(const char *text, size_t len)
{
	size_t from = len, to = 0;
	struct filter_char c;
	for (size_t at = 0; (c = filter_char_at(text, len, at)).len;
	     at += c.len) {
		if (c.is_blank)
			continue;
		from = MIN(from, at);
		to = at + c.len;
	}
	return xstrndup(text + from, to > from ? to - from : 0);
}

static int check_bytes(const char *text, size_t len, struct filter_error *error)
{
	struct filter_char c;
	if (len > FILTER_TEXT_MAX) {
		size_t fits = text_fit_bytes(text, FILTER_TEXT_MAX);
		return filter_error_set(
			error, fits, len - fits,
			_("Too long: a filter has at most 1,000 bytes."));
	}
	for (size_t at = 0; (c = filter_char_at(text, len, at)).len;
	     at += c.len) {
		if (c.is_malformed)
			return filter_error_set(
				error, at, 1,
				_("This is no UTF-8: type it again."));
	}
	return 0;
}

int filter_parse(const char *text, struct filter **out,
		 struct filter_error *error)
{
	size_t len = strlen(text);
	int rc = check_bytes(text, len, error);
	if (rc)
		return rc;
	struct filter *f = xcalloc(1, sizeof(*f));
	rc = filter_read_terms(f, text, len, error);
	if (rc) {
		filter_destroy(f);
		return rc;
	}
	f->text = trim(text, len);
	for (size_t i = 0; i < f->term_count; i++)
		filter_term_sql(f, &f->terms[i]);
	*out = f;
	return 0;
}

void filter_destroy(struct filter *f)
{
	if (!f)
		return;
	for (size_t i = 0; i < f->term_count; i++) {
		for (size_t v = 0; v < f->terms[i].count; v++)
			free(f->terms[i].values[v].text);
		free(f->terms[i].values);
	}
	for (size_t i = 0; i < f->param_count; i++)
		free(f->params[i].text);
	free(f->params);
	buf_finish(&f->sql);
	free(f->text);
	free(f);
}

const char *filter_text(const struct filter *f)
{
	return f->text;
}

bool filter_is_empty(const struct filter *f)
{
	return f->term_count == 0;
}

void filter_sql(const struct filter *f, struct buf *sql)
{
	buf_adds(sql, f->term_count ? buf_str(&f->sql) : "1");
}

static bool is_one_of(const struct filter_term *term, const char *name)
{
	for (size_t i = 0; i < term->count; i++) {
		if (strcmp(term->values[i].text, name) == 0)
			return true;
	}
	return false;
}

bool filter_accepts(const struct filter *f, const char *reason,
		    const char *error)
{
	scoped_free char *name = NULL;
	for (size_t i = 0; i < f->term_count; i++) {
		const struct filter_term *term = &f->terms[i];
		if (term->field->kind != KIND_GROUP)
			continue;
		if (!name)
			name = group_name(reason, error);
		if (is_one_of(term, name) == term->is_negated)
			return false;
	}
	return true;
}

void filter_bind(const struct filter *f, struct db_stmt *st, int64_t now_ms)
{
	for (size_t i = 0; i < f->param_count; i++) {
		char name[24];
		snprintf(name, sizeof(name), "$f%zu", i);
		if (f->params[i].text)
			db_bind_text(st, name, f->params[i].text);
		else
			db_bind_int(st, name, f->params[i].number);
	}
	if (f->has_now)
		db_bind_int(st, "$now", now_ms);
}

/* The one value of a term that asks for exactly it; NULL: it has another form.
 */
static const struct filter_value *exact(const struct filter_term *term,
					const char *field)
{
	if (term->is_negated || term->op != OP_IS || term->count != 1 ||
	    term->values[0].is_prefix || strcmp(term->field->name, field) != 0)
		return NULL;
	return &term->values[0];
}

int64_t filter_id(const struct filter *f)
{
	for (size_t i = 0; i < f->term_count; i++) {
		const struct filter_value *v = exact(&f->terms[i], "id");
		if (v)
			return MAX(v->from, 0);
	}
	return 0;
}

const char *filter_key(const struct filter *f)
{
	for (size_t i = 0; i < f->term_count; i++) {
		const struct filter_value *v = exact(&f->terms[i], "key");
		if (v)
			return v->text;
	}
	return NULL;
}

unsigned filter_states(const struct filter *f)
{
	const unsigned all = (1U << MESSAGE_STATUS_COUNT) - 1;
	unsigned left = all;
	for (size_t i = 0; i < f->term_count; i++) {
		const struct filter_term *term = &f->terms[i];
		unsigned states = 0;
		if (term->field->kind != KIND_STATE)
			continue;
		for (size_t v = 0; v < term->count; v++)
			states |= term->values[v].states;
		left &= term->is_negated ? all & ~states : states;
	}
	return left;
}

static bool has_kind(const struct filter *f, enum filter_kind kind)
{
	for (size_t i = 0; i < f->term_count; i++) {
		if (f->terms[i].field->kind == kind)
			return true;
	}
	return false;
}

bool filter_is_heavy(const struct filter *f)
{
	return has_kind(f, KIND_PAYLOAD);
}

bool filter_has_word(const struct filter *f)
{
	return has_kind(f, KIND_WORD);
}

void filter_quote(struct buf *b, const char *text)
{
	buf_addc(b, '"');
	for (; *text; text++) {
		if (*text == '"' || *text == '\\')
			buf_addc(b, '\\');
		buf_addc(b, *text);
	}
	buf_addc(b, '"');
}
