/*
 * One exchange: a curl handle that is used again and again, what it sends and
 * what comes of it. Shared by http.c and http_exchange.c; nobody else includes
 * it.
 */
#pragma once

#include "lib/buf.h"
#include "relay/http.h"

#include <curl/curl.h>

struct exchange {
	struct http *http;   /* borrowed; its owner */
	CURL *easy;	     /* own */
	unsigned generation; /* of the options that it was made with */
	http_done *done;
	void *ctx;
	struct buf body;		 /* of the answer */
	char *sent_body;		 /* own */
	struct curl_slist *sent_headers; /* own; NULL: the common ones */
	unsigned requests;		 /* that curl was about to write */
	enum address_scope scope;
	unsigned sockets;  /* that were opened */
	bool is_refused;   /* an address was out of scope */
	char refused[128]; /* it, in words */
	bool is_cut;
	int64_t started_us;
	char error[CURL_ERROR_SIZE];
	struct exchange
		*next; /* in the free list, or among those on the wire */
	struct exchange *prev;
};

struct http {
	struct loop *loop;	     /* borrowed */
	CURLM *multi;		     /* own */
	struct curl_slist *headers;  /* own */
	struct http_options options; /* ca_file own */
	unsigned generation;	     /* one more with each http_adopt */
	struct exchange *idle;	     /* own; ready to be used again */
	struct exchange *on_wire;    /* own */
	size_t on_wire_count;
	int64_t deadline_us;
};

/* A handle made with the options in force. The caller ends it with
 * exchange_destroy, when it is on no list. */
struct exchange *exchange_create(struct http *http);
void exchange_destroy(struct exchange *ex);

/* Makes it ready to send a request, once. */
void exchange_begin(struct exchange *ex, const struct http_request *request);

/* What came of it; borrows from ex. */
void exchange_answer(struct exchange *ex, CURLcode code,
		     struct http_answer *out);

/* Frees what the request brought along. */
void exchange_end(struct exchange *ex);

/* The headers that every POST has. The caller frees. */
struct curl_slist *exchange_common_headers(void);
