/*
 * The templates of the account: the list that gettemplate answers, and which
 * keys a message by one of them must fill.
 *
 * As long as nobody says which templates there are, the list has one for each
 * type that the function knows, and messages by any other id are taken, too.
 */
#pragma once

#include <cjson/cJSON.h>
#include <stdbool.h>

#include "tests/sim/options.h"

struct template_book {
	cJSON *list; /* own; an array in WeChat's own form */
	bool is_all; /* messages by other ids are refused */
};

/* The built-in ones; or one of each id that is given, with the fields of the
 * first built-in one. */
void template_book_init(struct template_book *b, const struct option_list *ids);
void template_book_finish(struct template_book *b);

/* Replaces all templates by a JSON array of {priTmplId, title, content, ...}.
 * Returns NULL, or what is wrong with it (then nothing is changed). */
const char *template_book_load(struct template_book *b, const cJSON *array);

/* Whether a message may be sent by that id, which may be NULL. */
bool template_is_known(const struct template_book *b, const char *id);

/* The first key of the template that data does not have, for the caller to
 * free; NULL if there is none. */
char *template_lacks(const struct template_book *b, const char *id,
		     const cJSON *data);

/* What the function has in its settings: an object of type -> {templateId,
 * keys}. The caller deletes it. */
cJSON *template_settings(void);
