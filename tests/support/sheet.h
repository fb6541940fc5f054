/*
 * Every code of sections 8.1 to 8.6 of the fact sheet of WeChat's codes, typed
 * from the sheet and not from relay/judge_rules*.c: one row a code and text.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Which call says it, and where in its answer. */
enum sheet_where {
	SHEET_TOKEN,  /* the token call's errcode */
	SHEET_INVOKE, /* the outer errcode */
	SHEET_CLOUD,  /* the outer errcode, and out of the function as well */
	SHEET_SCF,    /* the platform's statusCode in the function's place */
	SHEET_SEND,   /* handed through by the function */
	SHEET_HTTP    /* the status of the answer */
};

struct sheet_row {
	enum sheet_where where;
	int64_t code;
	const char *says; /* the message; of an HTTP status the body */
	char class; /* R, T, U (T~), Q (seconds), D (Q until the next day), P,
		       O (5 minutes unless s) */
	int64_t s;
	unsigned then; /* so many in a row on the channel make it O; 0: never */
	unsigned cap;  /* of U: dead letter at so many; 0: 5 */
	bool is_unsure;	    /* P~ */
	const char *reason; /* NULL: any */
};

extern const struct sheet_row sheet[];
extern const size_t sheet_len;

/* What the call's answer says where it is a failure: the whole body, or with
 * *is_returned_out what the function returns. is_inside: a SHEET_CLOUD row out
 * of the function. The caller frees. */
char *sheet_says(const struct sheet_row *row, bool is_inside,
		 bool *is_returned_out);

/* "invoke -501000 \"env not exists\"", for messages. The caller frees. */
char *sheet_name(const struct sheet_row *row, bool is_inside);
