/*
 * The language of the console: gettext's catalogue, found beside the program
 * (build/locale) or where it is installed, and the locale that makes the C
 * library count and draw UTF-8, also where none was chosen or generated.
 */
#pragma once

#include "lib/reason.h"

#include <libintl.h>
#include <stdbool.h>

#define _(text)		 gettext(text)
#define N_(text)	 text
#define P_(one, many, n) ngettext(one, many, (unsigned long)(n))

/* Chooses the language: "en", "zh" or another name of a locale, NULL: by
 * LC_ALL, LC_MESSAGES and LANG. Called once, before anything is written.
 * 0, or -1 if that language is none of ours: then nothing was changed. */
int lang_init(const char *name);

/* The language of causes and remedies. */
enum reason_lang lang_reason(void);

/* A text of gettext's that holds a context before a '|', as "tab|Home": short
 * texts that English has for several meanings. Returns what follows the '|'. */
const char *lang_context(const char *text);
#define C_(text) lang_context(text)
