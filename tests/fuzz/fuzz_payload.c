/* Payloads as lines: harmless, spans that cover each line, and where the bytes
 * are plain, every byte but blanks between tokens in its order. The input is a
 * byte for pretty or raw, then the payload. */
#include "lib/buf.h"
#include "lib/util.h"
#include "tests/fuzz/fuzz.h"
#include "tui/json.h"

#include <assert.h>
#include <string.h>

static void check_line(const struct json_line *line)
{
	size_t at = 0;
	fuzz_check_clean(line->text);
	for (size_t i = 0; i < line->span_count; i++) {
		assert(line->spans[i].from == at && line->spans[i].len > 0);
		at += line->spans[i].len;
	}
	assert(at == strlen(line->text));
}

/* Without blanks. */
static void squeeze(struct buf *b, const char *s, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (!strchr(" \t\r\n", s[i]))
			buf_addc(b, s[i]);
	}
}

static bool is_plain(const char *s, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		bool is_blank = s[i] == '\n' || s[i] == ' ';
		if (!is_blank && (s[i] <= ' ' || s[i] > '~'))
			return false;
	}
	return !memchr(s, '"', len) || !memchr(s, '\n', len);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz_input in = fuzz_begin(data, size);
	bool is_raw = fuzz_take(&in, 2);
	size_t cap = fuzz_take(&in, 2) ? SIZE_MAX : 64, len;
	scoped_free char *text = fuzz_take_rest(&in, &len);
	struct json_lines lines;
	scoped_buf shown = {0}, given = {0};
	json_lines(&lines, text, len, is_raw, cap);
	assert(lines.is_cut == (len > cap));
	for (size_t i = 0; i < lines.count; i++) {
		check_line(&lines.lines[i]);
		squeeze(&shown, lines.lines[i].text,
			strlen(lines.lines[i].text));
	}
	json_lines_finish(&lines);
	squeeze(&given, text, len);
	if (!lines.is_cut && cap > len && is_plain(text, len))
		assert(strcmp(buf_str(&shown), buf_str(&given)) == 0);
	return 0;
}
