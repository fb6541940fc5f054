/*
 * Which key does what in which view: the defaults of the action table, and what
 * bind lines of the configuration add or take away.
 */
#pragma once

#include "tui/action.h"
#include "tui/input.h"

struct keymap;

/* The defaults. The caller ends it with keymap_destroy. */
struct keymap *keymap_create(void);
void keymap_destroy(struct keymap *km);

enum keymap_outcome {
	KEYMAP_OK,
	KEYMAP_NO_KEY,	    /* no key has that name */
	KEYMAP_NO_ACTION,   /* no action has that name */
	KEYMAP_NO_VIEW,	    /* no view has that name */
	KEYMAP_NOT_ALLOWED, /* an action that changes the outbox may only lie
			     * on an upper-case letter */
	KEYMAP_NOT_THERE,   /* that view does not know the action */
	KEYMAP_CLASH /* a line before gave the key of that view to another */
};

/* bind VIEW KEY ACTION; VIEW is "all", "home", "list", "failed", "groups",
 * "detail", "log" or "audit", ACTION "none" takes the key away. `line` is where
 * it stands, from 1. A line for "failed" goes before one for "list" or
 * "groups", and one for a view before one for "all". */
enum keymap_outcome keymap_bind(struct keymap *km, const char *view,
				const char *key, const char *action, int line);

/* What a key does in a view (IN_*, the tab's and view's bits together). Keys
 * that an input method made full-width count as their ASCII twins. */
enum action keymap_find(const struct keymap *km, unsigned where, int32_t key);

/* The keys of an action in a view, as "j Down"; "" if it has none. Returned in
 * a buffer that the caller frees. */
char *keymap_keys(const struct keymap *km, unsigned where, enum action action);

/* Walks all bindings but defaults that lines hide: 0 at the end, else 1 with
 * the binding. *line_out is 0 for a default. */
int keymap_each(const struct keymap *km, size_t index, unsigned *where_out,
		int32_t *key_out, enum action *action_out, int *line_out);
