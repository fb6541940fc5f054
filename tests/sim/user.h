/*
 * The cloud `users` collection: who exists, who is bound to an openid, and how
 * many consents each has left.
 *
 * Ids that begin with "load-" are always there, bound and subscribed without
 * limit, and cost no memory. It knows nothing of sending.
 */
#pragma once

#include <cjson/cJSON.h>
#include <stddef.h>
#include <stdint.h>

#include "tests/sim/table.h"

enum { USER_ID_MAX = 128 };

struct user {
	char *id;	     /* own; in `passing` the book's buffer */
	char *openid;	     /* own; NULL: not bound */
	int64_t credits;     /* consents left; -1: without limit */
	int64_t credits_set; /* what user_book_restore puts back */
};

struct user_book {
	struct user *list; /* own */
	size_t count;
	struct table by_id;
	struct table by_openid;
	struct user passing; /* the load user looked up last */
	char passing_id[USER_ID_MAX];
	char passing_openid[USER_ID_MAX + 8];
};

/* The built-in users. */
void user_book_init(struct user_book *b);
void user_book_finish(struct user_book *b);

/* Replaces all users by a JSON array of {id, openid, credits}; no openid means
 * not bound, no credits means without limit. Returns NULL, or what is wrong
 * with the array (then nothing is changed). */
const char *user_book_load(struct user_book *b, const cJSON *array);

/* Gives everybody back the consents they started with. */
void user_book_restore(struct user_book *b);

/* Look one up; NULL if there is none. Borrowed, good until the next look. */
struct user *user_by_id(struct user_book *b, const char *id);
struct user *user_by_openid(struct user_book *b, const char *openid);
