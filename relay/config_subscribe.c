/* The parsers of what the channel wechat-subscribe is set by. */
#include "relay/config_parse.h"

#include "lib/lang.h"
#include "lib/util.h"

#include <string.h>

static const char word_chars[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				 "abcdefghijklmnopqrstuvwxyz0123456789_";
static const char id_chars[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
			       "abcdefghijklmnopqrstuvwxyz0123456789_-";

enum { WORDS_MAX = 2 };

char *config_parse_row_type(const struct setting *s, const char *text,
			    void *field)
{
	(void)s;
	*(char **)field = xstrdup(text);
	return NULL;
}

char *config_parse_template_id(const struct setting *s, const char *text,
			       void *field)
{
	(void)s;
	if (text[strspn(text, id_chars)])
		return config_parse_not_a(
			text,
			_("template ID (letters, digits, - _ only): copy "
			  "it at mp.weixin.qq.com → 订阅消息 → 我的模板"));
	*(char **)field = xstrdup(text);
	return NULL;
}

char *config_parse_page(const struct setting *s, const char *text, void *field)
{
	(void)s;
	char *why = template_page_fault(text);
	if (!why)
		*(char **)field = xstrdup(text);
	return why;
}

char *config_parse_fields(const struct setting *s, const char *text,
			  void *field)
{
	(void)s;
	return template_fields_read(text, field);
}

/* They go into queries as they are. */
char *config_parse_words(const struct setting *s, const char *text, void *field)
{
	(void)s;
	size_t count = 0;
	for (const char *p = text; *p; count++) {
		size_t len = strspn(p, word_chars);
		if (!len || (p[len] && p[len] != ' ') || count == WORDS_MAX)
			return config_parse_not_a(
				text, _("name of a field (letters, digits, _), "
					"or two with a blank between"));
		p += len;
		p += strspn(p, " ");
	}
	*(char **)field = xstrdup(text);
	return NULL;
}
