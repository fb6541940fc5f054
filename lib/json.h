/*
 * Writing JSON by hand, where the bytes of a part must stay as they are.
 */
#pragma once

#include "lib/buf.h"

/* Appends text as a JSON string, quotes and all; UTF-8 stays as it is. */
void json_add_string(struct buf *b, const char *text);
