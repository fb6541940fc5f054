#include "lib/lang.h"

#include "lib/util.h"

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define DOMAIN "outbox"

static enum reason_lang reason_lang;

/* The languages there are: what a name begins with, and LANGUAGE's value. */
static const struct {
	const char *prefix, *language;
	enum reason_lang reason;
} languages[] = {
	{"zh", "zh_CN", REASON_ZH},
	{"en", "en", REASON_EN},
};

static int find(const char *name)
{
	for (size_t i = 0; name && i < ARRAY_LEN(languages); i++) {
		if (!strncasecmp(name, languages[i].prefix, 2) &&
		    (!name[2] || strchr("_-.@", name[2])))
			return (int)i;
	}
	return -1;
}

/* What the environment asks for, in the order of setlocale(3). */
static const char *wanted(void)
{
	static const char *const names[] = {"LC_ALL", "LC_MESSAGES", "LANG"};
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		const char *value = getenv(names[i]);
		if (value && *value)
			return value;
	}
	return NULL;
}

/* Takes the catalogues of a folder, if they are there. */
static bool bind_folder(const char *dir, const char *below)
{
	scoped_free char *folder = xasprintf("%s/%s", dir, below);
	scoped_free char *zh =
		xasprintf("%s/zh_CN/LC_MESSAGES/" DOMAIN ".mo", folder);
	return !access(zh, R_OK) && bindtextdomain(DOMAIN, folder);
}

/* build/locale beside the program, or above it, as tests lie deeper in build/
 * than the programs; share/locale beside the bin where it is installed. */
static void bind_catalogue(void)
{
	char program[4096];
	ssize_t len = readlink("/proc/self/exe", program, sizeof(program) - 1);
	program[MAX(len, 0)] = '\0';
	for (char *slash; (slash = strrchr(program, '/'));) {
		*slash = '\0';
		if (bind_folder(program, "locale") ||
		    bind_folder(program, "share/locale"))
			return;
		const char *name = strrchr(program, '/');
		if (name && !strcmp(name, "/build"))
			return;
	}
}

/* gettext translates in any locale but "C", and curses, wcwidth and the C
 * library's own messages need one of UTF-8: C.UTF-8 is in every newer glibc,
 * whatever was generated. All else stays as it is in "C": numbers, dates and
 * the order of names are no matter of language, and neither is what Turkish
 * makes of an I. */
static void use_utf8(void)
{
	static const int categories[] = {LC_CTYPE, LC_MESSAGES};
	for (size_t i = 0; i < ARRAY_LEN(categories); i++) {
		if (!setlocale(categories[i], "C.UTF-8"))
			setlocale(categories[i], "");
	}
}

int lang_init(const char *name)
{
	int index = find(name ? name : wanted());
	if (name && index < 0)
		return -1;
	index = index < 0 ? find("en") : index;
	use_utf8();
	setenv("LANGUAGE", languages[index].language, 1);
	reason_lang = languages[index].reason;
	bind_catalogue();
	bind_textdomain_codeset(DOMAIN, "UTF-8");
	textdomain(DOMAIN);
	return 0;
}

enum reason_lang lang_reason(void)
{
	return reason_lang;
}

const char *lang_context(const char *text)
{
	const char *translated = gettext(text);
	const char *bar = strchr(translated, '|');
	return bar ? bar + 1 : translated;
}
