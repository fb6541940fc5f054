#include "relay/config_parse.h"

#include "lib/lang.h"
#include "lib/text.h"
#include "lib/util.h"
#include "relay/address.h"
#include "relay/robot.h"
#include "relay/webhook_sign.h"

#include <stdlib.h>
#include <string.h>

static const char key_chars[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				"abcdefghijklmnopqrstuvwxyz0123456789-_.";
static const char digits[] = "0123456789";

char *config_parse_quote(const char *text)
{
	enum { SHOWN_MAX = 60 };
	size_t len = strlen(text);
	size_t cut = text_fit_bytes(text, SHOWN_MAX);
	scoped_free char *clean = text_clean(text, cut);
	return xasprintf("\"%s%s\"", clean, cut < len ? "…" : "");
}

char *config_parse_not_a(const char *text, const char *what)
{
	scoped_free char *shown = config_parse_quote(text);
	return xasprintf(_("%s is no %s"), shown, what);
}

static char *put_text(const char *text, void *field)
{
	*(char **)field = xstrdup(text);
	return NULL;
}

char *config_parse_name(const struct setting *s, const char *text, void *field)
{
	/* Where none is the default there may be none. */
	bool may_be_empty = s->type == SETTING_NAME && !*s->fallback;
	if ((!*text && !may_be_empty) || text[strspn(text, key_chars)])
		return config_parse_not_a(
			text, _("name (letters, digits, - _ . only)"));
	return put_text(text, field);
}

/* The end of one step of a JSON path (".key", ".\"key\"", "[3]", "[#-1]"), or
 * NULL. What SQLite's json_extract would refuse must not get through: it would
 * fail every INSERT of the CRM. */
static const char *skip_step(const char *p)
{
	if (p[0] == '.' && p[1] == '"') {
		const char *close = strchr(p + 2, '"');
		return close ? close + 1 : NULL;
	}
	if (p[0] == '.') {
		size_t len = strcspn(p + 1, ".[]\"'");
		return len ? p + 1 + len : NULL;
	}
	if (*p++ != '[')
		return NULL;
	bool is_from_end = p[0] == '#' && p[1] == '-';
	p += is_from_end ? 2 : 0;
	size_t len = strspn(p, digits);
	return len && p[len] == ']' ? p + len + 1 : NULL;
}

char *config_parse_json_path(const struct setting *s, const char *text,
			     void *field)
{
	(void)s;
	const char *p = *text == '$' ? text + 1 : NULL;
	while (p && *p)
		p = skip_step(p);
	if (!p)
		return config_parse_not_a(
			text, _("JSON path such as $.assignedToId"));
	return put_text(text, field);
}

char *config_parse_path(const struct setting *s, const char *text, void *field)
{
	(void)s;
	if (text[0] == '~' && (text[1] == '/' || !text[1]))
		return xstrdup(
			_("~ has no meaning here: write the whole path"));
	return put_text(text, field);
}

/* The length of the host at the start of "host[:port][/path][?query]"; 0 if it
 * is no host or there is more. */
static size_t host_len(const char *s)
{
	size_t len = strspn(s, key_chars);
	if (*s == '[') {
		len = 1 + strspn(s + 1, "0123456789abcdefABCDEF:.");
		len = len > 1 && s[len] == ']' ? len + 1 : 0;
	}
	const char *p = s + len;
	if (*p == ':') {
		char *end;
		size_t count = strspn(p + 1, digits);
		long port = strtol(p + 1, &end, 10);
		if (count < 1 || count > 5 || port < 1 || port > 65535)
			return 0;
		p = end;
	}
	return *p == '/' || *p == '?' || !*p ? len : 0;
}

/* What is wrong with a URL as far as its path, or NULL; `example` is a good
 * one. */
static char *check_url(const char *text, const char *example)
{
	for (const char *p = text; *p; p++) {
		if (*p <= ' ' || *p > '~' || *p == '\\')
			return config_parse_not_a(text, _("URL"));
	}
	bool is_https = strncmp(text, "https://", 8) == 0;
	bool is_http = strncmp(text, "http://", 7) == 0;
	const char *host = text + (is_https ? 8 : 7);
	size_t len = is_https || is_http ? host_len(host) : 0;
	if (len == 0) {
		scoped_free char *what =
			xasprintf(_("URL such as %s"), example);
		return config_parse_not_a(text, what);
	}
	if (is_http && !address_host_is_loopback(host, len))
		return xstrdup(_("plain http is accepted on loopback only "
				 "(127.0.0.1, [::1], localhost): say https"));
	return NULL;
}

static const char no_password[] =
	N_("a user or password in a URL is not accepted");

char *config_parse_url(const struct setting *s, const char *text, void *field)
{
	(void)s;
	if (strchr(text, '@')) /* what is before it may be a password */
		return xstrdup(_(no_password));
	if (strpbrk(text, "?#"))
		return config_parse_not_a(
			text, _("base URL: leave out all from ? or # on"));
	char *why = check_url(text, "https://api.weixin.qq.com");
	if (why)
		return why;
	size_t end = strlen(text);
	while (text[end - 1] == '/')
		end--;
	*(char **)field = xstrndup(text, end);
	return NULL;
}

/* What may be a key is shown by no message. */
char *config_parse_hook_url(const struct setting *s, const char *text,
			    void *field)
{
	(void)s;
	size_t base_len = robot_url_shown(text);
	scoped_free char *base = xstrndup(text, base_len);
	const char *key = text + base_len;
	if (strchr(base, '@'))
		return xstrdup(_(no_password));
	char *why = *text ? check_url(base, "https://crm.example/hook") : NULL;
	if (why)
		return why;
	for (const char *p = text; *p; p++) {
		if (*p == '#')
			return xstrdup(_("leave out the # and all behind it"));
		if (p >= key && (*p <= ' ' || *p > '~' || *p == '\\'))
			return xstrdup(_("its end, which may be a key, is no "
					 "part of a URL: percent-encode it"));
	}
	return put_text(text, field);
}

char *config_parse_secrets(const struct setting *s, const char *text,
			   void *field)
{
	(void)s;
	const char *why = webhook_secrets_fault(text);
	return why ? xstrdup(why) : put_text(text, field);
}

char *config_parse_credential(const struct setting *s, const char *text,
			      void *field)
{
	(void)s;
	return put_text(text, field);
}
