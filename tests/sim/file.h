/*
 * A whole file in memory. It checks nothing of the content.
 */
#pragma once

#include "lib/buf.h"

/* Appends the file's bytes to `text`. Returns 0; or -1, having said on stderr
 * why it cannot be read. */
int file_read(const char *path, struct buf *text);
