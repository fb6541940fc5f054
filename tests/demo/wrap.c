#include "tests/demo/wrap.h"

#include "lib/text.h"
#include "lib/util.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static size_t char_cells(const char *s, size_t len)
{
	scoped_free char *one = xstrndup(s, len);
	return text_width(one);
}

static bool may_begin_line(const char *s)
{
	static const char *const enders[] = {"，", "。", "、", "；", "：", "！",
					     "？", "）", "”",  "》", "…",  ",",
					     ".",  ";",	 ":",  "!",  "?",  ")"};
	for (size_t i = 0; i < ARRAY_LEN(enders); i++) {
		if (strncmp(s, enders[i], strlen(enders[i])) == 0)
			return false;
	}
	return true;
}

/* Bytes and cells of the longest beginning that must stay together, with the
 * blanks in front of it. */
static size_t unit(const char *s, size_t *cells_out)
{
	size_t at = 0, cells = 0;
	bool is_wide = false;
	while (s[at] == ' ')
		at++, cells++;
	for (size_t begin = at; s[at];) {
		uint32_t code;
		size_t n = text_decode(s + at, strlen(s + at), &code);
		n = n ? n : 1;
		size_t w = char_cells(s + at, n);
		bool breaks = s[at] == ' ' || is_wide || w == 2;
		if (at > begin && breaks && may_begin_line(s + at))
			break;
		is_wide = w == 2;
		cells += w;
		at += n;
	}
	*cells_out = cells;
	return at;
}

void wrap_print(const char *s, size_t column, size_t indent, size_t cells)
{
	bool is_empty = true;
	for (size_t n, w; *s; s += n) {
		n = unit(s, &w);
		size_t blanks = strspn(s, " ");
		if (!is_empty && column + w > cells) {
			printf("\n%*s", (int)indent, "");
			column = indent;
			is_empty = true;
		}
		size_t skip = is_empty ? MIN(blanks, n) : 0;
		printf("%.*s", (int)(n - skip), s + skip);
		column += w - skip;
		is_empty = false;
	}
	putchar('\n');
}
