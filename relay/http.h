/*
 * HTTP as this relay needs it: many small POSTs and GETs at once, each of them
 * sent at most once, on the loop's epoll set (relay/loop.h).
 *
 * Knows curl and nothing of WeChat, rows or verdicts. CURLcode stops here.
 */
#pragma once

#include "relay/address.h"

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
	HTTP_REFUSED,	/* by us, for its address; nothing was sent */
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

struct http_options {
	const char *ca_file; /* NULL: the system's certificates */
	int64_t connect_timeout_ms;
	int64_t timeout_ms;	 /* of a whole exchange */
	size_t connections_kept; /* idle ones, ready to be used again */
};

/* Hears of the end of an exchange, exactly once, from http_advance; never from
 * within http_send. */
typedef void http_done(void *ctx, const struct http_answer *answer);

/* A header; its value is the owner's of the list that it stands in. */
struct http_header {
	const char *name;
	char *value;
};

enum { HTTP_HEADERS_MAX = 8 };

struct http_request {
	const char *url;  /* copied */
	const char *body; /* copied; a JSON text to POST, or NULL for GET */
	size_t body_len;
	/* Copied; a POST's, beside those that every one has; a NULL name ends
	 * them. NULL: none. */
	const struct http_header *headers;
	/* Asked of the address that is connected to, after DNS and before
	 * anything is sent; a proxy's, where there is one. */
	enum address_scope scope;
	http_done *done;
	void *ctx;
};

/* Returns 0 or < 0. The options' texts are copied. */
int http_create(struct http **http_out, struct loop *loop,
		const struct http_options *options);

/* Goes by other options from now on; what is on the wire is not disturbed. */
void http_adopt(struct http *http, const struct http_options *options);

/* Gives up what is on the wire, without calling anybody. */
void http_destroy(struct http *http);

/* Starts an exchange. One call is at most one request on the network: where
 * libcurl would repeat it on a fresh connection, it ends as HTTP_UNKNOWN. */
void http_send(struct http *http, const struct http_request *request);

/* When http_advance must be called even if no socket had news (CLOCK_MONOTONIC
 * microseconds; INT64_MAX: no need). */
int64_t http_deadline_us(const struct http *http);

/* Runs curl's timers and reports the exchanges that have ended. */
void http_advance(struct http *http, int64_t now_us);

/* Exchanges under way. */
size_t http_on_wire(const struct http *http);
