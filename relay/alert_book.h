/* What alert.c asks of the book. Only for relay/alert*.c. */
#pragma once

#include "relay/alert.h"

/* Whether the trouble is of that kind and subject. */
bool alert_is_of(const struct alert *a, enum alert_kind kind,
		 const char *subject);

/* Takes the one at that place out. */
void alert_book_remove(struct alert_book *book, size_t index);
