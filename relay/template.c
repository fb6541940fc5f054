#include "relay/template.h"

#include "lib/json.h"
#include "lib/lang.h"
#include "lib/util.h"
#include "relay/template_kind.h"
#include "relay/template_text.h"

#include <stdlib.h>
#include <string.h>

static const char blanks[] = " \t";
static const char digits[] = "0123456789";
static const char word_chars[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				 "abcdefghijklmnopqrstuvwxyz0123456789_";

void template_fields_finish(struct template_fields *fields)
{
	for (size_t i = 0; i < fields->count; i++) {
		free(fields->list[i].key);
		free(fields->list[i].field);
	}
	free(fields->list);
	*fields = (struct template_fields){0};
}

static bool has_key(const struct template_fields *fields, const char *key)
{
	for (size_t i = 0; i < fields->count; i++) {
		if (strcmp(fields->list[i].key, key) == 0)
			return true;
	}
	return false;
}

/* What is wrong with "key=field", of which the key is cut off, or NULL. */
static char *check_pair(const struct template_fields *fields, const char *key,
			const char *field)
{
	scoped_buf kinds = {0};
	if (!*key || !*field || strchr(field, '='))
		return xstrdup(
			_("give key=field pairs with blanks between, such "
			  "as thing1=customerName time4=assignTime"));
	if (!template_kind_has(key)) {
		template_kind_list(&kinds);
		return xasprintf(
			_("%s is of no kind that WeChat has, which are "
			  "%s; take the key as the template shows it, "
			  "without .DATA"),
			key, buf_str(&kinds));
	}
	if (!strchr(digits, key[strlen(key) - 1]))
		return xasprintf(_("%s has no number: take the key as the "
				   "template shows it, such as %s1"),
				 key, key);
	if (has_key(fields, key))
		return xasprintf(_("%s is given twice"), key);
	if (fields->count == TEMPLATE_FIELDS_MAX)
		return xasprintf(_("more than %d fields"), TEMPLATE_FIELDS_MAX);
	return NULL;
}

/* Adds "key=field"; cuts the pair up. */
static char *add_pair(struct template_fields *fields, char *pair)
{
	char *field = strchr(pair, '=');
	if (field)
		*field++ = '\0';
	char *why = check_pair(fields, pair, field ? field : "");
	if (why)
		return why;
	fields->list = xrealloc(fields->list,
				(fields->count + 1) * sizeof(*fields->list));
	fields->list[fields->count++] = (struct template_field){
		.key = xstrdup(pair),
		.field = xstrdup(field),
	};
	return NULL;
}

char *template_fields_read(const char *text, struct template_fields *out)
{
	struct template_fields fields = {0};
	for (text += strspn(text, blanks); *text;
	     text += strspn(text, blanks)) {
		size_t len = strcspn(text, blanks);
		scoped_free char *pair = xstrndup(text, len);
		char *why = add_pair(&fields, pair);
		if (why) {
			template_fields_finish(&fields);
			return why;
		}
		text += len;
	}
	*out = fields;
	return NULL;
}

/* The length of the {field} at the beginning, braces and all, or 0. */
static size_t place_len(const char *s)
{
	size_t len = *s == '{' ? strspn(s + 1, word_chars) : 0;
	return len && s[len + 1] == '}' ? len + 2 : 0;
}

char *template_page_fault(const char *page)
{
	for (size_t len; *page; page += len) {
		len = place_len(page);
		if (!len && strchr("{}", *page))
			return xstrdup(
				_("a place is {field}, with the name of a "
				  "payload's field (letters, digits, _) in "
				  "the braces"));
		len = len ? len : 1;
	}
	return NULL;
}

void template_page_add(struct buf *out, const char *page, const char *payload,
		       size_t len)
{
	for (size_t step; *page; page += step) {
		step = place_len(page);
		if (!step) {
			buf_addc(out, *page);
			step = 1;
			continue;
		}
		scoped_free char *field = xstrndup(page + 1, step - 2);
		scoped_buf text = {0};
		template_text_add(&text, payload, len, field);
		buf_add_percent(out, buf_str(&text));
	}
}

const struct template_field *template_data_add(struct buf *out,
					       const struct template_fields *f,
					       const char *payload, size_t len)
{
	buf_addc(out, '{');
	for (size_t i = 0; i < f->count; i++) {
		const struct template_field *field = &f->list[i];
		scoped_buf text = {0};
		scoped_buf value = {0};
		template_text_add(&text, payload, len, field->field);
		template_value_add(&value, field->key, buf_str(&text));
		if (!value.len)
			return field;
		buf_addf(out, "%s\"%s\":{\"value\":", i ? "," : "", field->key);
		json_add_string(out, buf_str(&value));
		buf_addc(out, '}');
	}
	buf_addc(out, '}');
	return NULL;
}
