/*
 * The grammar of .env files, as Node's dotenv reads them where people would
 * notice: KEY=value, `export`, three kinds of quotes, comments, values over
 * several lines. A `$` is a `$`.
 *
 * Knows lines and quotes. It refuses to know which keys matter: it passes on
 * every assignment and every line that is none, and the caller judges them.
 * Files may hold secrets, so all memory that held a text is wiped.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

enum {
	ENV_FILE_MAX = 4 << 20,	 /* bytes of a file */
	ENV_VALUE_MAX = 64 << 10 /* bytes of a line, or of a quoted value */
};

struct env_file {
	char *text; /* own; line ends are '\n', may hold NULs */
	size_t len;
	bool is_readable_by_others;
};

/* What is wrong with a line. */
enum env_fault {
	ENV_FAULT_NONE,
	ENV_FAULT_SHAPE,    /* not KEY=value */
	ENV_FAULT_UNCLOSED, /* a quote that nothing closes */
	ENV_FAULT_TRAILING, /* something behind the closing quote */
	ENV_FAULT_LENGTH,   /* longer than ENV_VALUE_MAX */
	ENV_FAULT_NUL,	    /* holds a NUL byte */
	ENV_FAULT_ENCODING, /* is not UTF-8 */
	ENV_FAULT_COUNT
};

struct env_item {
	const char *key;   /* borrowed; what stands where a key would, or "" */
	const char *value; /* borrowed; NULL if there is a fault */
	unsigned line;	   /* from 1 */
	unsigned last_line;
	enum env_fault fault;
	bool has_bare_hash; /* an unquoted # inside, where dotenv would cut */
};

/* Receives one line; what it points to is gone after the call. */
typedef void env_sink(void *ctx, const struct env_item *item);

enum { ENV_FILE_MISSING = 1, ENV_FILE_UNREADABLE };

/* Reads a whole file. Returns 0; ENV_FILE_MISSING if there is none of that
 * name; or ENV_FILE_UNREADABLE. Both set *why_out to the reason, a text for
 * behind the file's name, good until the next call; file is untouched then. */
int env_file_load(struct env_file *file, const char *path,
		  const char **why_out);

/* Wipes and frees. */
void env_file_finish(struct env_file *file);

/* Calls sink for every line that is neither blank nor a comment, in order. A
 * value over several lines is one item; after a fault the next line begins
 * anew, so that one lost quote cannot swallow the rest. */
void env_file_each(const struct env_file *file, env_sink *sink, void *ctx);

/* The fault in words, for behind a place: "the line is not KEY=value". */
const char *env_fault_text(enum env_fault fault);
