/*
 * A growing byte string. Always NUL-terminated behind its length, so `data`
 * may be handed to C string functions when the content holds no NUL.
 *
 * A zeroed struct is an empty buffer; buf_finish frees and empties it again.
 */
#pragma once

#include <stddef.h>

struct buf {
	char *data; /* own; NULL while nothing was ever added */
	size_t len;
	size_t cap;
};

/* Frees the content. NULL and empty buffers are fine. */
void buf_finish(struct buf *b);

/* Empties it and keeps the memory. */
void buf_clear(struct buf *b);

/* Append bytes, a C string, one byte, or formatted text. */
void buf_add(struct buf *b, const void *data, size_t len);
void buf_adds(struct buf *b, const char *s);
void buf_addc(struct buf *b, char c);
void buf_addf(struct buf *b, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* Appends text as one percent-encoded component of a URL (RFC 3986). */
void buf_add_percent(struct buf *b, const char *text);

/* The content as a C string, "" if nothing was added. Borrowed from b. */
const char *buf_str(const struct buf *b);

/* The content as a C string that the caller frees; b is empty afterwards. */
char *buf_detach(struct buf *b);

#define scoped_buf __attribute__((cleanup(buf_finish))) struct buf
