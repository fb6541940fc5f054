/*
 * Answers made up and judged at once, for the tests of relay/judge.h.
 */
#pragma once

#include "relay/judge.h"

#include <stddef.h>
#include <stdint.h>

/* A whole answer with status 200 that borrows the body. */
struct http_answer judged_answer(const char *body, size_t len);

/* Judge a body as the answer of each call; the context is that of a row's
 * first attempt where none is given. */
struct judgement judged_token(const char *body);
struct judgement judged_invoke(const char *body);
struct judgement judged_invoke_with(const char *body,
				    struct judge_context context);

/* The same where the function returned `resp`. */
struct judgement judged_returned(const char *resp);
struct judgement judged_returned_with(const char *resp,
				      struct judge_context context);

/* The answer in which `resp` is the text of resp_data; and an object of a code
 * and a text. The caller frees. */
char *judged_wrap(const char *resp);
char *judged_code_object(const char *code_key, int64_t code,
			 const char *text_key, const char *text);
