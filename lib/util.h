/*
 * Memory and small language helpers that every other file may use.
 *
 * Out of memory ends the process with one line on stderr: the outbox is
 * crash-safe by design, so one exit path replaces hundreds that nobody tests.
 * Nothing here knows of messages, databases or the network.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))
#define MIN(a, b)    ((a) < (b) ? (a) : (b))
#define MAX(a, b)    ((a) > (b) ? (a) : (b))

/* As malloc, calloc, realloc, strdup and asprintf; never NULL. The caller
 * frees with free(). */
void *xmalloc(size_t size);
void *xcalloc(size_t count, size_t size);
void *xrealloc(void *p, size_t size);
char *xstrdup(const char *s);
char *xstrndup(const char *s, size_t len);
char *xasprintf(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* xstrdup that passes NULL through. */
char *xstrdup_or_null(const char *s);

/* Makes cJSON use the allocators above, so that NULL from cJSON_Parse can only
 * mean malformed input. Called once by each program. */
void util_init(void);

/* Frees the local when it leaves its scope: scoped_free char *s = ...; */
void util_free_ptr(void *pp);
#define scoped_free __attribute__((cleanup(util_free_ptr)))

/* Hands a pointer over and clears the place it was in. */
#define steal(pp)                                  \
	__extension__({                            \
		__typeof__(*(pp)) stolen_ = *(pp); \
		*(pp) = NULL;                      \
		stolen_;                           \
	})
