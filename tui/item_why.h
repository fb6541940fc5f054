/* What tui/item_why*.c share; nobody else includes it. */
#pragma once

#include "lib/buf.h"
#include "tui/item.h"

/* Adds a whole sentence; "" is none. Chinese has no blank between two. */
void why_say(struct buf *b, const char *sentence);
void why_sayf(struct buf *b, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* The cause and the remedy of a reason's id. */
void why_say_reason(struct buf *b, const char *id);

/* Why nothing is sent at all; nothing if the relay runs, or the pulse was never
 * read. */
void why_say_relay(struct buf *b, const struct pulse *pulse, int64_t now_ms);

/* Why a pending row is not sent (item_why_pending.c). */
void why_say_pending(struct buf *b, const struct item *item,
		     const struct pulse *pulse, int64_t now_ms);

bool why_has_text(const char *s);
