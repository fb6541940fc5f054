/*
 * The language that an operator is spoken to: that of the console and of
 * `outbox-relay check`. It is gettext's catalogue, found beside the program
 * (build/locale) or where it is installed (share/locale), and the locale that
 * makes the C library count and draw UTF-8, also where none was chosen or
 * generated. Where there is no catalogue, texts stay English.
 *
 * Texts are marked where they are made, in any layer. Nothing of this happens
 * before lang_init: a program that never calls it, as the relay at work, speaks
 * English in whatever locale.
 */
#pragma once

#include "lib/reason.h"

#include <libintl.h>
#include <stdbool.h>

#define _(text)		 gettext(text)
#define N_(text)	 text
#define P_(one, many, n) ngettext(one, many, (unsigned long)(n))

/* Chooses the language: "en", "zh" or another name of a locale, NULL: by
 * LC_ALL, LC_MESSAGES and LANG. Called once, before anything is written. Sets
 * LANGUAGE, and no category of the locale but LC_CTYPE and LC_MESSAGES.
 * 0, or -1 if that language is none of ours: then nothing was changed. */
int lang_init(const char *name);

/* The language of causes and remedies. */
enum reason_lang lang_reason(void);

/* A text of gettext's that holds a context before a '|', as "tab|Home": short
 * texts that English has for several meanings. Returns what follows the '|'. */
const char *lang_context(const char *text);
#define C_(text) lang_context(text)
