/*
 * Terms as SQL. Values are bound, never written; the user's '%', '_', '*', '['
 * mean themselves, since nothing here uses LIKE or GLOB. A column that is NULL
 * does not match, and does match what is negated: hence IS NOT TRUE.
 */
#include "lib/reason.h"
#include "lib/text.h"
#include "lib/util.h"
#include "tui/filter_internal.h"

#include <stdlib.h>
#include <string.h>

/* Who acted last on each row; ids are numbers, or of a cancel arrays that begin
 * with one. With max(), SQLite takes `who` from the row that has it. */
static const char last_actors[] =
	"SELECT last.id FROM (SELECT CASE j.type WHEN 'array'"
	" THEN json_extract(j.value, '$[0]') ELSE j.value END AS id,"
	" a.who AS who, max(a.id) FROM outbox_audit AS a,"
	" json_each(CASE WHEN json_valid(a.ids) THEN a.ids END) AS j"
	" WHERE j.type IN ('integer', 'array') GROUP BY 1) AS last";

static size_t add_param(struct filter *f, struct filter_param param)
{
	f->params =
		xrealloc(f->params, (f->param_count + 1) * sizeof(*f->params));
	f->params[f->param_count] = param;
	return f->param_count++;
}

static size_t add_text(struct filter *f, const char *text)
{
	return add_param(f, (struct filter_param){.text = xstrdup(text)});
}

static size_t add_number(struct filter *f, int64_t number)
{
	return add_param(f, (struct filter_param){.number = number});
}

/* As SQLite's lower(): ASCII alone. */
static char *lower(const char *text)
{
	char *low = xstrdup(text);
	for (char *s = low; *s; s++) {
		if (*s >= 'A' && *s <= 'Z')
			*s = (char)(*s - 'A' + 'a');
	}
	return low;
}

static void add_is(struct filter *f, const char *column, bool is_prefix,
		   size_t p)
{
	if (is_prefix)
		buf_addf(&f->sql, "substr(%s, 1, length($f%zu)) = $f%zu",
			 column, p, p);
	else
		buf_addf(&f->sql, "%s = $f%zu", column, p);
}

/* p is in lower case. */
static void add_contains(struct filter *f, const char *column, bool is_prefix,
			 size_t p)
{
	if (is_prefix)
		buf_addf(&f->sql, "substr(lower(%s), 1, length($f%zu)) = $f%zu",
			 column, p, p);
	else
		buf_addf(&f->sql, "instr(lower(%s), $f%zu) > 0", column, p);
}

static void add_or(struct filter *f, size_t index)
{
	buf_adds(&f->sql, index ? " OR " : "");
}

static void add_compare(struct filter *f, const char *column, enum filter_op op,
			const struct filter_value *v)
{
	static const char *const signs[] = {
		[OP_LESS] = "<",
		[OP_AT_MOST] = "<",
		[OP_MORE] = ">=",
		[OP_AT_LEAST] = ">=",
	};
	bool has_to = op == OP_AT_MOST || op == OP_MORE;
	if (op != OP_IS)
		buf_addf(&f->sql, "%s %s $f%zu", column, signs[op],
			 add_number(f, has_to ? v->to : v->from));
	else if (v->to == v->from + 1)
		buf_addf(&f->sql, "%s = $f%zu", column, add_number(f, v->from));
	else
		buf_addf(&f->sql, "(%s >= $f%zu AND %s < $f%zu)", column,
			 add_number(f, v->from), column, add_number(f, v->to));
}

static void add_states(struct filter *f, const char *column, unsigned states)
{
	size_t count = 0;
	for (unsigned s = 0; s < MESSAGE_STATUS_COUNT; s++) {
		if (!(states & (1U << s)))
			continue;
		add_or(f, count++);
		add_is(f, column, false, add_text(f, message_status_name(s)));
	}
}

static bool says(const char *text, const struct filter_value *v,
		 const char *low)
{
	scoped_free char *have = lower(text);
	return v->is_prefix ? !strncmp(have, low, strlen(low))
			    : strstr(have, low) != NULL;
}

/* The ids of the reasons whose cause says it, as a JSON array. */
static char *find_reasons(const struct filter_value *v, const char *low)
{
	struct buf ids = {0};
	for (unsigned r = REASON_NONE + 1; r < REASON_COUNT; r++) {
		if (says(reason_cause(r, REASON_EN), v, low) ||
		    says(reason_cause(r, REASON_ZH), v, low))
			buf_addf(&ids, "%s\"%s\"", ids.len ? "," : "[",
				 reason_id(r));
	}
	if (ids.len)
		buf_addc(&ids, ']');
	return buf_detach(&ids);
}

static void add_error(struct filter *f, const struct filter_value *v,
		      const char *low, size_t p)
{
	const struct filter_field *err = filter_field_find("err", 3);
	for (size_t i = 0; err->columns[i]; i++) {
		add_or(f, i);
		add_contains(f, err->columns[i], v->is_prefix, p);
	}
	scoped_free char *ids = find_reasons(v, low);
	if (*ids && *low)
		buf_addf(&f->sql,
			 " OR o.last_reason IN"
			 " (SELECT r.value FROM json_each($f%zu) AS r)",
			 add_text(f, ids));
}

static void add_word(struct filter *f, const struct filter_field *field,
		     const struct filter_value *v)
{
	scoped_free char *low = lower(v->text);
	size_t p = add_text(f, low);
	if (field->kind == KIND_WORD) {
		for (size_t i = 0; i < FILTER_COLUMNS_MAX; i++) {
			add_contains(f, field->columns[i], v->is_prefix, p);
			buf_adds(&f->sql, " OR ");
		}
	}
	add_error(f, v, low, p);
}

/* As a JSON writer that keeps to ASCII has it, in lower case; NULL if that is
 * the same. */
static char *escape(const char *low)
{
	struct buf b = {0};
	size_t len = strlen(low), used;
	uint32_t code;
	bool is_other = false;
	for (size_t at = 0; at < len; at += used) {
		used = text_decode(low + at, len - at, &code);
		is_other |= code > 0x7f;
		if (code > 0xffff)
			buf_addf(&b, "\\u%04x\\u%04x",
				 0xd800 + ((code - 0x10000) >> 10),
				 0xdc00 + ((code - 0x10000) & 0x3ff));
		else if (code > 0x7f)
			buf_addf(&b, "\\u%04x", code);
		else
			buf_addc(&b, (char)code);
	}
	if (is_other)
		return buf_detach(&b);
	buf_finish(&b);
	return NULL;
}

static void add_payload(struct filter *f, const char *column,
			const struct filter_value *v)
{
	scoped_free char *low = lower(v->text);
	scoped_free char *escaped = escape(low);
	add_contains(f, column, v->is_prefix, add_text(f, low));
	if (!escaped)
		return;
	buf_adds(&f->sql, " OR ");
	add_contains(f, column, v->is_prefix, add_text(f, escaped));
}

static void add_who(struct filter *f, const char *column,
		    const struct filter_value *v)
{
	size_t p = add_text(f, v->text);
	add_is(f, column, v->is_prefix, p);
	buf_addf(&f->sql, " OR o.id IN (%s WHERE ", last_actors);
	add_is(f, "last.who", v->is_prefix, p);
	if (!v->is_prefix) { /* "alice via root" is alice, too */
		scoped_free char *via = xasprintf("%s via ", v->text);
		buf_adds(&f->sql, " OR ");
		add_is(f, "last.who", true, add_text(f, via));
	}
	buf_addc(&f->sql, ')');
}

static void add_texts(struct filter *f, const struct filter_field *field,
		      const struct filter_value *v)
{
	size_t p = add_text(f, v->text);
	for (size_t i = 0; field->columns[i]; i++) {
		add_or(f, i);
		add_is(f, field->columns[i], v->is_prefix, p);
	}
}

static void add_value(struct filter *f, const struct filter_term *term,
		      const struct filter_value *v)
{
	const struct filter_field *field = term->field;
	switch (field->kind) {
	case KIND_STATE:
		add_states(f, field->columns[0], v->states);
		break;
	case KIND_TEXT:
		add_texts(f, field, v);
		break;
	case KIND_ERROR:
	case KIND_WORD:
		add_word(f, field, v);
		break;
	case KIND_PAYLOAD:
		add_payload(f, field->columns[0], v);
		break;
	case KIND_WHO:
		add_who(f, field->columns[0], v);
		break;
	case KIND_HTTP:
		buf_adds(&f->sql, "EXISTS (SELECT 1 FROM outbox_attempt AS t"
				  " WHERE t.outbox_id = o.id AND ");
		add_compare(f, field->columns[0], term->op, v);
		buf_addc(&f->sql, ')');
		break;
	case KIND_SPAN:
		f->has_now = true;
		add_compare(f, field->columns[0], term->op, v);
		break;
	case KIND_NUMBER:
	case KIND_TIME:
		add_compare(f, field->columns[0], term->op, v);
		break;
	case KIND_GROUP:
	case KIND_COUNT:
		break;
	}
}

void filter_term_sql(struct filter *f, const struct filter_term *term)
{
	if (term->field->kind == KIND_GROUP) {
		buf_adds(&f->sql, f->sql.len ? " AND 1" : "1");
		return;
	}
	buf_adds(&f->sql, f->sql.len ? " AND (" : "(");
	for (size_t i = 0; i < term->count; i++) {
		add_or(f, i);
		add_value(f, term, &term->values[i]);
	}
	buf_adds(&f->sql, term->is_negated ? ") IS NOT TRUE" : ")");
}
