/* What tui/filter*.c share; nobody else includes it. */
#pragma once

#include "schema/message.h"
#include "tui/filter.h"

enum {
	FILTER_TEXT_MAX = 1000, /* bytes */
	FILTER_TERMS_MAX = 32,
	FILTER_VALUES_MAX = 100,
	FILTER_COLUMNS_MAX = 4
};

enum filter_kind {
	KIND_STATE,
	KIND_TEXT,    /* is, or begins with */
	KIND_ERROR,   /* contains, and what a reason says */
	KIND_GROUP,   /* of tui/groups.h: no SQL, but filter_accepts */
	KIND_PAYLOAD, /* contains, also as \u escapes */
	KIND_WHO,
	KIND_NUMBER,
	KIND_HTTP,
	KIND_SPAN,
	KIND_TIME,
	KIND_WORD, /* no field */
	KIND_COUNT
};

struct filter_field {
	const char *name;
	enum filter_kind kind;
	const char *columns[FILTER_COLUMNS_MAX]; /* NULL ends them */
	const char *example, *help;
};

enum filter_op { OP_IS, OP_LESS, OP_AT_MOST, OP_MORE, OP_AT_LEAST };

struct filter_value {
	size_t at, len; /* bytes of the text, quotes included */
	char *text;	/* own; folded, without quotes and the '*' */
	bool is_prefix;
	int64_t from, to; /* of numbers, spans and times: from <= x < to */
	unsigned states;
};

struct filter_term {
	const struct filter_field *field;
	enum filter_op op;
	bool is_negated;
	struct filter_value *values; /* own */
	size_t count;
};

struct filter_param {
	char *text; /* own; NULL: it is the number */
	int64_t number;
};

struct filter {
	char *text; /* own, as are the others */
	struct filter_term terms[FILTER_TERMS_MAX];
	size_t term_count, value_count;
	struct buf sql;
	struct filter_param *params;
	size_t param_count;
	bool has_now;
};

/* One character of what was typed. */
struct filter_char {
	uint32_t code;	/* as its ASCII twin; 0: the end, or malformed */
	size_t at, len; /* bytes of the text; len 0: the end */
	bool is_blank, is_quote, is_malformed;
};

struct filter_char filter_char_at(const char *text, size_t len, size_t at);

/* Appends the character; as it was typed, or as its ASCII twin. */
void filter_char_add(struct buf *b, const char *text, struct filter_char c,
		     bool is_folded);

/* The field of that name, NULL if there is none; case counts for nothing. */
const struct filter_field *filter_field_find(const char *name, size_t len);
const struct filter_field *filter_field_word(void);

/* Reads the rest of the text, term by term. 0, or 1 with *error. */
int filter_read_terms(struct filter *f, const char *text, size_t len,
		      struct filter_error *error);

/* Whether values of the kind can be compared by < and >, or end in '*'. */
bool filter_kind_has_order(enum filter_kind kind);
bool filter_kind_has_prefix(enum filter_kind kind);

/* Makes of a value's text what its kind wants. 0, or 1 with *error. */
int filter_value_read(const struct filter_term *term, struct filter_value *v,
		      struct filter_error *error);

/* Every state by a name, English or Chinese: the index-th name of it; NULL
 * behind the last. The first is message_status_name's. */
const char *filter_state_name(enum message_status status, size_t index);

/* Writes the term as a condition, behind the others. */
void filter_term_sql(struct filter *f, const struct filter_term *term);

/* Always 1. */
int filter_error_set(struct filter_error *error, size_t at, size_t len,
		     const char *message);
