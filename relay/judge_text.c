/* The words of an answer: finding patterns and codes in them, and printing them
 * for people. All of it reads bytes that a stranger wrote. */
#include "relay/judge_text.h"

#include "lib/secret.h"
#include "lib/text.h"
#include "lib/util.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* More than that of one text is only worth its beginning and its end. */
enum { TEXT_MOST = 64 << 10 };

void judge_text_add(struct finding *f, const char *text)
{
	if (!text || !text[0])
		return;
	if (f->text.len)
		buf_adds(&f->text, " | ");
	size_t len = strlen(text);
	if (len <= TEXT_MOST) {
		buf_add(&f->text, text, len);
		return;
	}
	buf_add(&f->text, text, TEXT_MOST / 2);
	buf_adds(&f->text, " … ");
	buf_adds(&f->text, text + len - TEXT_MOST / 2);
}

static char to_lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* How far s and the piece agree. */
static size_t agree(const char *s, const char *piece, size_t len)
{
	size_t n = 0;
	while (n < len && s[n] && to_lower(s[n]) == piece[n])
		n++;
	return n;
}

/* Where the text goes on behind the first occurrence of the piece, or NULL. */
static const char *skip_past(const char *text, const char *piece, size_t len)
{
	for (; *text; text++) {
		if (agree(text, piece, len) == len)
			return text + len;
	}
	return NULL;
}

bool judge_text_has(const char *text, const char *pattern)
{
	const char *at = text;
	for (;;) {
		size_t len = strcspn(pattern, "*|");
		if (at && len)
			at = skip_past(at, pattern, len);
		pattern += len;
		if (*pattern == '*') {
			pattern++;
			continue;
		}
		if (at || !*pattern)
			return at != NULL;
		pattern++;
		at = text;
	}
}

/* The number behind "errCode", with what JSON, JavaScript and people put
 * between the two; 0 if there is none. */
static int64_t read_number(const char *s)
{
	s += MIN(strspn(s, " \t\"'\\:="), (size_t)8);
	bool is_negative = *s == '-';
	s += is_negative;
	size_t digits = strspn(s, "0123456789");
	if (digits == 0 || digits > 15)
		return 0;
	int64_t n = strtoll(s, NULL, 10);
	return is_negative ? -n : n;
}

int64_t judge_text_last_code(const char *text)
{
	static const char *const names[] = {"errcode", "error code",
					    "errorcode"};
	int64_t last = 0;
	for (; *text; text++) {
		if (to_lower(*text) != 'e')
			continue;
		for (size_t i = 0; i < ARRAY_LEN(names); i++) {
			size_t len = strlen(names[i]);
			if (agree(text, names[i], len) < len)
				continue;
			int64_t code = read_number(text + len);
			if (judge_code_is_wechat(code))
				last = code;
		}
	}
	return last;
}

/* What the operator needs of a message even if the line is too short for all
 * of it: the address to be whitelisted, the field to be mended. */
static const struct {
	int64_t code;
	const char *lead;
	const char *chars;
} hints[] = {
	{
		.code = 40164,
		.lead = "invalid ip ",
		.chars = "0123456789abcdefABCDEF.:",
	},
	{
		.code = 47003,
		.lead = "data.",
		.chars = "abcdefghijklmnopqrstuvwxyz_0123456789",
	},
};

/* Finds the hint in a cleaned text; returns its length, 0 if there is none. */
static size_t find_hint(const struct finding *f, const char *text,
			const char **hint_out)
{
	for (size_t i = 0; i < ARRAY_LEN(hints); i++) {
		if (f->sign != SIGN_CODE || f->code != hints[i].code)
			continue;
		const char *lead = hints[i].lead;
		*hint_out = skip_past(text, lead, strlen(lead));
		if (*hint_out)
			return MIN(strspn(*hint_out, hints[i].chars),
				   (size_t)64);
	}
	return 0;
}

static void print_code(const struct finding *f, struct buf *line)
{
	static const char *const words[SIGN_COUNT] = {
		[SIGN_HID] = "the function hid its error",
		[SIGN_EMPTY] = "resp_data is empty",
		[SIGN_UNREADABLE] = "resp_data:",
		[SIGN_CUT] = "the answer is too long",
		[SIGN_NOT_WECHAT] = "not an answer of WeChat's:",
		[SIGN_NO_ROBOT] = "not an answer of the robot's:",
		[SIGN_HTML] = "a web page:",
	};
	const char *name = "errcode=";
	if (f->stage == STAGE_TRANSPORT || f->stage == STAGE_WEBHOOK)
		name = "HTTP ";
	else if (f->sign == SIGN_SCF)
		name = "statusCode=";
	else if (f->sign == SIGN_SAID)
		name = "code=";
	if (f->code != 0)
		buf_addf(line, "%s%" PRId64 " ", name, f->code);
	if (words[f->sign])
		buf_addf(line, "%s ", words[f->sign]);
}

static char *print_line(const struct finding *f, bool is_unsure,
			const char *text, const char *hint, size_t hint_len)
{
	struct buf line = {0};
	if (is_unsure)
		buf_adds(&line, "outcome unknown: ");
	print_code(f, &line);
	if (hint_len) {
		buf_add(&line, hint, hint_len);
		buf_adds(&line, ": ");
	}
	buf_adds(&line, text);
	size_t len = text_fit_bytes(line.data, JUDGEMENT_DETAIL_MAX - 1);
	while (len && line.data[len - 1] == ' ')
		len--;
	line.data[len] = '\0';
	return line.data;
}

void judge_text_print(const struct finding *f, bool is_unsure,
		      char out[static JUDGEMENT_DETAIL_MAX])
{
	const char *said = buf_str(&f->text);
	scoped_free char *clean = text_clean(said, strlen(said));
	scoped_free char *text = secret_redact(clean);
	scoped_free char *line = print_line(f, is_unsure, text, NULL, 0);

	const char *hint = NULL;
	size_t hint_len = find_hint(f, text, &hint);
	if (hint_len && !memmem(line, strlen(line), hint, hint_len)) {
		free(line);
		line = print_line(f, is_unsure, text, hint, hint_len);
	}
	snprintf(out, JUDGEMENT_DETAIL_MAX, "%s", line);
}
