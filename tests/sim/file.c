/* See file.h. */
#include "tests/sim/file.h"

#include <err.h>
#include <stdio.h>

int file_read(const char *path, struct buf *text)
{
	char chunk[4096];
	FILE *f = fopen(path, "re");
	if (!f) {
		warn("%s", path);
		return -1;
	}
	for (size_t n; (n = fread(chunk, 1, sizeof(chunk), f)) > 0;)
		buf_add(text, chunk, n);
	int is_bad = ferror(f);
	if (is_bad)
		warn("%s", path);
	fclose(f);
	return is_bad ? -1 : 0;
}
