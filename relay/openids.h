/*
 * Openids that were looked up, for a while: users' ids and what they led to. In
 * memory only, and never more than a few thousand; where there is no room, the
 * oldest goes. Times are the caller's, monotonic milliseconds.
 */
#pragma once

#include <stdint.h>

struct openids;

struct openids *openids_create(void);

/* Frees it. NULL is fine. */
void openids_destroy(struct openids *book);

/* The openid of a user, if it is not older than that; or NULL. Borrowed until
 * the next call. */
const char *openids_find(struct openids *book, const char *user,
			 int64_t max_age_ms, int64_t now_ms);

/* Remembers an openid, in place of the user's last one; both are copied. */
void openids_keep(struct openids *book, const char *user, const char *openid,
		  int64_t now_ms);

void openids_forget(struct openids *book, const char *user);
