/*
 * HTTP as this relay needs it: many small POSTs and GETs at once, each of them
 * sent at most once, on the loop's epoll set (relay/loop.h).
 *
 * Knows curl and nothing of WeChat, rows or verdicts. CURLcode stops here.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct http;
struct loop;

/* What became of one exchange, seen from the receiver's side. */
enum http_fate {
	HTTP_ANSWERED,	/* a whole answer is here (or as much of it as we take)
			 */
	HTTP_NOT_SENT,	/* no byte of the request can have been acted upon */
	HTTP_UNTRUSTED, /* the certificate did not verify; nothing was sent */
	HTTP_UNKNOWN,	/* sent or partly sent, and no whole answer came */
	HTTP_FATE_COUNT
};

struct http_answer {
	enum http_fate fate;
	long status;	  /* 0 unless HTTP_ANSWERED */
	const char *body; /* borrowed for the callback; NUL-terminated */
	size_t body_len;
	bool is_cut;		/* the body was longer than HTTP_BODY_MAX */
	int64_t retry_after_ms; /* from now; -1 if the answer named none */
	int64_t duration_us;
	const char *error; /* borrowed; what went wrong, "" if HTTP_ANSWERED */
};

/* The most of an answer that is kept; what is longer cannot be from WeChat. */
enum { HTTP_BODY_MAX = 1 << 20 };
