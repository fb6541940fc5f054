#include "tests/support/shot.h"

#include "lib/util.h"

#include <ctype.h>
#include <string.h>
#include <wchar.h>

/* Measured with the C library's own tables, not with ours: each code point of
 * the screen in the cell that it begins in. */
enum { SHEET_ROWS = 64, SHEET_COLS = 256 };

struct sheet_of {
	wchar_t cells[SHEET_ROWS][SHEET_COLS];
	int rows, widths[SHEET_ROWS];
};

/* What turns the reading direction, joins, or is not seen at all. */
static bool is_hidden(wchar_t c)
{
	static const wchar_t ranges[][2] = {
		{0x00ad, 0x00ad}, {0x061c, 0x061c},   {0x115f, 0x1160},
		{0x180e, 0x180e}, {0x200b, 0x200f},   {0x2028, 0x202e},
		{0x2060, 0x206f}, {0xd800, 0xdfff},   {0xfeff, 0xfeff},
		{0xfff0, 0xfffb}, {0xe0000, 0xe0fff},
	};
	for (size_t i = 0; i < ARRAY_LEN(ranges); i++)
		if (c >= ranges[i][0] && c <= ranges[i][1])
			return true;
	return c < ' ' || (c >= 0x7f && c <= 0x9f);
}

static void read_line(struct sheet_of *sheet, const char *line, size_t len,
		      struct buf *out)
{
	int x = 0, y = sheet->rows++;
	mbstate_t state = {0};
	for (size_t n; len > 0; line += n, len -= n) {
		wchar_t c = 0;
		n = mbrtowc(&c, line, len, &state);
		if (n == 0 || n > len) {
			buf_addf(out, "%3d is no UTF-8\n", y + 1);
			return;
		}
		if (is_hidden(c) || wcwidth(c) < 0)
			buf_addf(out, "%3d holds U+%04x\n", y + 1, (unsigned)c);
		if (x < SHEET_COLS && wcwidth(c) > 0)
			sheet->cells[y][x] = c;
		x += wcwidth(c);
	}
	sheet->widths[y] = x;
}

static bool is_down(const struct sheet_of *sheet, int y, int x, wchar_t end)
{
	while (++y < sheet->rows && sheet->cells[y][x] == L'│')
		;
	return y < sheet->rows && sheet->cells[y][x] == end;
}

/* From each upper left corner to the other three. */
static void look_at_frames(const struct sheet_of *sheet, struct buf *out)
{
	for (int y = 0; y < sheet->rows; y++)
		for (int x = 0; x < SHEET_COLS; x++) {
			int right = x;
			if (sheet->cells[y][x] != L'┌')
				continue;
			while (right < SHEET_COLS &&
			       sheet->cells[y][right] != L'┐')
				right++;
			if (right == SHEET_COLS ||
			    !is_down(sheet, y, x, L'└') ||
			    !is_down(sheet, y, right, L'┘'))
				buf_addf(out, "%3d,%d: an open frame\n", y + 1,
					 x + 1);
		}
}

/* Of words that are listed, pieces may stay when a line is cut or broken. */
static bool is_name(const char *word, size_t len)
{
	static const char *const names[] = {
#include "tests/support/shot_names.h"
	};
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		size_t most = strlen(names[i]);
		if (len <= most && (!memcmp(names[i], word, len) ||
				    !memcmp(names[i] + most - len, word, len)))
			return true;
	}
	return false;
}

static size_t measure_word(const char *text, bool *is_plain_out)
{
	static const char joints[] = "-_./=:@0123456789";
	size_t len = 0, letters = 0;
	while (text[len] &&
	       (isalpha((unsigned char)text[len]) || strchr(joints, text[len])))
		len++;
	while (letters < len && isalpha((unsigned char)text[letters]))
		letters++;
	/* What stands behind a word, as a full stop does, is no joint. */
	*is_plain_out = letters + strspn(text + letters, ".:") == len;
	return *is_plain_out ? letters : len;
}

/* Names with joints or figures in them are of the rows, the codes, the files;
 * plain words longer than a unit are listed, or ours and not translated. */
static void look_for_english(const char *text, struct buf *out)
{
	enum { UNIT = 2 };
	bool is_plain;
	for (size_t len; *text; text += MAX(len, 1)) {
		len = measure_word(text, &is_plain);
		if (is_plain && len > UNIT && !is_name(text, len))
			buf_addf(out, "    English: %.*s\n", (int)len, text);
	}
}

void shot_look(const char *text, int cols, bool is_zh, struct buf *out)
{
	static const struct sheet_of nothing;
	struct sheet_of sheet = nothing;
	if (is_zh)
		look_for_english(text, out);
	while (*text && sheet.rows < SHEET_ROWS) {
		size_t len = strcspn(text, "\n");
		read_line(&sheet, text, len, out);
		text += len + (text[len] == '\n');
	}
	for (int y = 0; y < sheet.rows; y++)
		if (sheet.widths[y] > cols)
			buf_addf(out, "%3d is %d cells wide\n", y + 1,
				 sheet.widths[y]);
	look_at_frames(&sheet, out);
}
