#include "relay/env_file.h"

#include "lib/lang.h"
#include "lib/secret.h"
#include "lib/text.h"
#include "lib/util.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *const fault_texts[] = {
	[ENV_FAULT_NONE] = "",
	[ENV_FAULT_SHAPE] = N_("the line is not KEY=value"),
	[ENV_FAULT_UNCLOSED] = N_("the quote is never closed"),
	[ENV_FAULT_TRAILING] = N_("there is more behind the closing quote"),
	[ENV_FAULT_LENGTH] = N_("the line is longer than 64 KiB"),
	[ENV_FAULT_NUL] = N_("the line holds a NUL byte"),
	[ENV_FAULT_ENCODING] =
		N_("the line is not UTF-8 (save the file as UTF-8)"),
};
_Static_assert(ARRAY_LEN(fault_texts) == ENV_FAULT_COUNT, "a text for each");

const char *env_fault_text(enum env_fault fault)
{
	/* gettext has for "" what stands at the top of its catalogue. */
	return fault == ENV_FAULT_NONE ? "" : _(fault_texts[fault]);
}

/* As dotenv does before anything else: "\r\n" and a lone "\r" are "\n". */
static size_t unify_line_ends(char *text, size_t len)
{
	size_t to = 0;
	for (size_t from = 0; from < len; from++) {
		bool is_cr = text[from] == '\r';
		text[to++] = text[from];
		if (is_cr)
			text[to - 1] = '\n';
		if (is_cr && from + 1 < len && text[from + 1] == '\n')
			from++;
	}
	return to;
}

/* Reads to the end into `text` of ENV_FILE_MAX + 1 bytes; NULL or what is
 * wrong. */
static const char *read_all(int fd, char *text, size_t *len_out)
{
	size_t len = 0;
	while (len <= ENV_FILE_MAX) {
		ssize_t n = read(fd, text + len, ENV_FILE_MAX + 1 - len);
		if (n < 0 && errno == EINTR)
			continue;
		*len_out = len += n > 0 ? (size_t)n : 0;
		if (n < 0)
			return strerror(errno);
		if (n == 0)
			break;
	}
	if (len > ENV_FILE_MAX)
		return _("is larger than 4 MiB: that is no .env file");
	bool is_utf16 = len >= 2 && (memcmp(text, "\xff\xfe", 2) == 0 ||
				     memcmp(text, "\xfe\xff", 2) == 0);
	return is_utf16 ? _("is UTF-16: save it as UTF-8") : NULL;
}

int env_file_load(struct env_file *file, const char *path, const char **why_out)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (fd < 0) {
		*why_out = strerror(errno);
		bool is_missing = errno == ENOENT || errno == ENOTDIR;
		return is_missing ? ENV_FILE_MISSING : ENV_FILE_UNREADABLE;
	}
	/* One allocation that never moves: no copy of a secret stays behind. */
	struct env_file f = {.text = xmalloc(ENV_FILE_MAX + 1)};
	struct stat st = {0};
	bool is_known = fstat(fd, &st) == 0;
	f.is_readable_by_others = is_known && (st.st_mode & S_IROTH);
	const char *why = read_all(fd, f.text, &f.len);
	close(fd);
	if (why) {
		env_file_finish(&f);
		*why_out = why;
		return ENV_FILE_UNREADABLE;
	}
	size_t raw_len = f.len;
	f.len = unify_line_ends(f.text, f.len);
	secret_wipe(f.text + f.len, raw_len - f.len);
	*file = f;
	return 0;
}

void env_file_finish(struct env_file *file)
{
	secret_wipe(file->text, file->len);
	free(file->text);
	*file = (struct env_file){0};
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\v' || c == '\f';
}

static bool is_key_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || c == '_' || c == '.' || c == '-';
}

static const char *skip_blanks(const char *s, const char *end)
{
	while (s < end && is_blank(*s))
		s++;
	return s;
}

static const char *skip_export(const char *s, const char *end)
{
	static const char word[] = "export";
	size_t len = sizeof(word) - 1;
	if ((size_t)(end - s) <= len || memcmp(s, word, len) != 0)
		return s;
	const char *after = skip_blanks(s + len, end);
	bool is_word = after > s + len && after < end && is_key_char(*after);
	return is_word ? after : s;
}

static const char *line_end(const char *s, const char *end)
{
	const char *nl = s < end ? memchr(s, '\n', (size_t)(end - s)) : NULL;
	return nl ? nl : end;
}

static enum env_fault check_bytes(const char *s, const char *end)
{
	size_t len = (size_t)(end - s);
	if (len > ENV_VALUE_MAX)
		return ENV_FAULT_LENGTH;
	if (memchr(s, '\0', len))
		return ENV_FAULT_NUL;
	return text_is_utf8(s, len) ? ENV_FAULT_NONE : ENV_FAULT_ENCODING;
}

/* The character that an escape in double quotes stands for; 0: it is none, and
 * its backslash stays. */
static char unescape(char c)
{
	switch (c) {
	case 'n':
		return '\n';
	case 'r':
		return '\r';
	case '"':
	case '\\':
	case '$':
		return c;
	default:
		return '\0';
	}
}

/* Where one text is being read. */
struct reader {
	const char *at;	 /* the next line */
	const char *end; /* of the text */
	unsigned line;
	char *value; /* own; room for the longest value */
};

/* Copies what stands in quotes, from the opening one at *s on, to r->value, and
 * moves *s behind the closing one. */
static enum env_fault take_quoted(struct reader *r, const char **s)
{
	char quote = **s;
	char *to = r->value;
	const char *from = *s + 1;
	for (; from < r->end && *from != quote; from++) {
		if (from - *s > ENV_VALUE_MAX)
			return ENV_FAULT_UNCLOSED;
		bool is_escape =
			quote == '"' && *from == '\\' && from + 1 < r->end;
		char plain = is_escape ? unescape(from[1]) : '\0';
		*to++ = plain ? plain : *from;
		from += plain != '\0';
	}
	if (from >= r->end)
		return ENV_FAULT_UNCLOSED;
	*to = '\0';
	enum env_fault fault = check_bytes(*s, from);
	*s = from + 1;
	return fault;
}

/* Copies what stands without quotes, up to a comment. */
static void take_bare(struct reader *r, const char *s, const char *eol,
		      struct env_item *item)
{
	const char *stop = s;
	while (stop < eol &&
	       (*stop != '#' || (stop > s && !is_blank(stop[-1])))) {
		item->has_bare_hash |= *stop == '#';
		stop++;
	}
	while (stop > s && is_blank(stop[-1]))
		stop--;
	memcpy(r->value, s, (size_t)(stop - s));
	r->value[stop - s] = '\0';
}

/* Reads the value that begins at s. Without a fault, r->value holds it and
 * *eol is the end of its last line. */
static enum env_fault take_value(struct reader *r, const char *s,
				 const char **eol, struct env_item *item)
{
	if (s == *eol || !strchr("'\"`", *s)) {
		take_bare(r, s, *eol, item);
		return ENV_FAULT_NONE;
	}
	const char *from = s;
	enum env_fault fault = take_quoted(r, &s);
	if (fault != ENV_FAULT_NONE)
		return fault;
	const char *last_eol = line_end(s, r->end);
	s = skip_blanks(s, last_eol);
	if (s < last_eol && *s != '#')
		return ENV_FAULT_TRAILING;
	for (; from < last_eol; from++)
		item->last_line += *from == '\n';
	*eol = last_eol;
	return ENV_FAULT_NONE;
}

/* Reads from behind the key: blanks, the sign, blanks, the value. dotenv takes
 * "KEY: value" as well. */
static enum env_fault take_rest(struct reader *r, const char *s,
				const char **eol, struct env_item *item)
{
	bool is_colon = *eol - s > 1 && *s == ':' && is_blank(s[1]);
	s = skip_blanks(s, *eol);
	if (s == *eol || (*s != '=' && !is_colon))
		return ENV_FAULT_SHAPE;
	return take_value(r, skip_blanks(s + 1, *eol), eol, item);
}

static void take_line(struct reader *r, env_sink *sink, void *ctx)
{
	const char *eol = line_end(r->at, r->end);
	const char *key = skip_blanks(r->at, eol);
	struct env_item item = {.line = r->line, .last_line = r->line};
	if (key < eol && *key != '#') {
		key = skip_export(key, eol);
		const char *s = key;
		while (s < eol && is_key_char(*s))
			s++;
		scoped_free char *name = xstrndup(key, (size_t)(s - key));
		item.key = name;
		item.fault = check_bytes(r->at, eol);
		if (item.fault == ENV_FAULT_NONE && s == key)
			item.fault = ENV_FAULT_SHAPE;
		if (item.fault == ENV_FAULT_NONE)
			item.fault = take_rest(r, s, &eol, &item);
		item.value = item.fault == ENV_FAULT_NONE ? r->value : NULL;
		sink(ctx, &item);
	}
	r->at = eol < r->end ? eol + 1 : r->end;
	r->line = item.last_line + 1;
}

void env_file_each(const struct env_file *file, env_sink *sink, void *ctx)
{
	static const char bom[] = "\xef\xbb\xbf";
	size_t skip = file->len >= 3 && memcmp(file->text, bom, 3) == 0 ? 3 : 0;
	struct reader r = {
		.at = file->text + skip,
		.end = file->text + file->len,
		.line = 1,
		.value = xmalloc(ENV_VALUE_MAX + 2),
	};
	while (r.at < r.end)
		take_line(&r, sink, ctx);
	secret_wipe(r.value, ENV_VALUE_MAX + 2);
	free(r.value);
}
