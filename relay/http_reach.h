/*
 * Whether a server can be reached, step by step: its name, a connection, TLS;
 * and what its clock says. For `outbox-relay check`; it blocks.
 *
 * Knows curl and no meaning of what it finds. CURLcode stops here.
 */
#pragma once

#include "relay/address.h"

#include <stdbool.h>
#include <stdint.h>

enum http_reach_step {
	HTTP_REACH_NAME,	/* the name has no address */
	HTTP_REACH_CONNECTION,	/* refused, or no answer in time */
	HTTP_REACH_SCOPE,	/* by us: its address is out of scope */
	HTTP_REACH_TLS,		/* the other side speaks no TLS */
	HTTP_REACH_CERTIFICATE, /* its certificate does not verify */
	HTTP_REACH_ANSWER,	/* connected, but what came is no HTTP */
	HTTP_REACH_DONE,	/* all is well */
	HTTP_REACH_STEP_COUNT
};

struct http_reach_request {
	const char *url;
	const char *ca_file; /* NULL: the system's certificates */
	int64_t connect_timeout_ms;
	int64_t timeout_ms;
	enum address_scope scope;
	bool is_silent; /* connects only: the server gets no request */
};

enum { HTTP_REACH_ERROR_MAX = 320 };

struct http_reach {
	enum http_reach_step
		failed; /* the step that failed; HTTP_REACH_DONE: none */
	char error[HTTP_REACH_ERROR_MAX]; /* what went wrong, as curl says it */
	int64_t time_s; /* the answer's Date, since 1970; 0 if it has none */
};

/* Tries. If the request is not silent it GETs the URL; any status will do. */
void http_reach(const struct http_reach_request *request,
		struct http_reach *out);
