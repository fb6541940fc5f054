#include "relay/openids.h"

#include "lib/util.h"

#include <stdlib.h>
#include <string.h>

/* A user has the places of one shelf, so that a look is short and what is kept
 * is bounded without a list of ages. */
enum { SHELVES = 1024, PLACES = 8 };

struct entry {
	char *user;   /* own; NULL: the place is free */
	char *openid; /* own */
	int64_t kept_at_ms;
};

struct openids {
	struct entry shelves[SHELVES][PLACES];
};

struct openids *openids_create(void)
{
	return xcalloc(1, sizeof(struct openids));
}

/* FNV-1a. */
static struct entry *shelf_of(struct openids *book, const char *user)
{
	uint32_t hash = 2166136261U;
	for (; *user; user++)
		hash = (hash ^ (unsigned char)*user) * 16777619U;
	return book->shelves[hash % SHELVES];
}

static struct entry *find(struct openids *book, const char *user)
{
	struct entry *shelf = shelf_of(book, user);
	for (size_t i = 0; i < PLACES; i++) {
		if (shelf[i].user && strcmp(shelf[i].user, user) == 0)
			return &shelf[i];
	}
	return NULL;
}

static void clear(struct entry *e)
{
	free(e->user);
	free(e->openid);
	*e = (struct entry){0};
}

const char *openids_find(struct openids *book, const char *user,
			 int64_t max_age_ms, int64_t now_ms)
{
	struct entry *e = find(book, user);
	if (e && now_ms - e->kept_at_ms >= max_age_ms) {
		clear(e);
		e = NULL;
	}
	return e ? e->openid : NULL;
}

static struct entry *make_room(struct openids *book, const char *user)
{
	struct entry *shelf = shelf_of(book, user);
	struct entry *oldest = &shelf[0];
	for (size_t i = 0; i < PLACES; i++) {
		if (!shelf[i].user)
			return &shelf[i];
		if (shelf[i].kept_at_ms < oldest->kept_at_ms)
			oldest = &shelf[i];
	}
	return oldest;
}

void openids_keep(struct openids *book, const char *user, const char *openid,
		  int64_t now_ms)
{
	struct entry *e = find(book, user);
	if (!e)
		e = make_room(book, user);
	clear(e);
	*e = (struct entry){xstrdup(user), xstrdup(openid), now_ms};
}

void openids_forget(struct openids *book, const char *user)
{
	struct entry *e = find(book, user);
	if (e)
		clear(e);
}

void openids_destroy(struct openids *book)
{
	if (!book)
		return;
	for (size_t i = 0; i < SHELVES; i++) {
		for (size_t j = 0; j < PLACES; j++)
			clear(&book->shelves[i][j]);
	}
	free(book);
}
