#include "relay/http_internal.h"

#include "lib/clock.h"
#include "lib/util.h"
#include "relay/http_easy.h"

#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

/* An idle connection older than this is not used again: the longer it has been
 * idle, the likelier the other side is closing it at this moment, and a request
 * that meets the close has an unknown outcome. */
enum { IDLE_MAX_S = 15, RETRY_AFTER_MAX_S = 86400 };

static size_t take_body(char *data, size_t size, size_t count, void *ctx)
{
	struct exchange *ex = ctx;
	size_t len = size * count;
	size_t room = HTTP_BODY_MAX - ex->body.len;
	buf_add(&ex->body, data, MIN(len, room));
	ex->is_cut = len > room;
	return ex->is_cut ? CURL_WRITEFUNC_ERROR : len;
}

static bool refuse(struct exchange *ex, enum address_kind kind,
		   const char *address)
{
	if (address_is_within(kind, ex->scope))
		return false;
	ex->is_refused = true;
	snprintf(ex->refused, sizeof(ex->refused),
		 "%.60s is %s address, nothing was sent", address,
		 kind == ADDRESS_LOOPBACK ? "a loopback" : "a private");
	return true;
}

static curl_socket_t open_socket(void *ctx, curlsocktype purpose,
				 struct curl_sockaddr *a)
{
	(void)purpose;
	struct exchange *ex = ctx;
	char host[80] = ""; /* fe80::1%interface */
	getnameinfo(&a->addr, a->addrlen, host, sizeof(host), NULL, 0,
		    NI_NUMERICHOST);
	if (refuse(ex, address_judge(&a->addr), host))
		return CURL_SOCKET_BAD;
	ex->sockets++;
	return socket(a->family, a->socktype | SOCK_CLOEXEC, a->protocol);
}

/* curl calls this right before it writes a request. It would call it a second
 * time when a connection that was used before dies without an answer: the first
 * request may have been acted upon, so there must not be a second. And a
 * connection that was made for somebody else's request has not asked for this
 * one's scope. */
static int count_request(void *ctx, char *peer, char *local, int peer_port,
			 int local_port)
{
	(void)local;
	(void)peer_port;
	(void)local_port;
	struct exchange *ex = ctx;
	if (refuse(ex, address_judge_text(peer), peer))
		return CURL_PREREQFUNC_ABORT;
	return ex->requests++ == 0 ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT;
}

static CURL *make_easy(struct http *http, struct exchange *ex)
{
	CURL *easy = http_easy_create(&http->options, ex->error);
	curl_easy_setopt(easy, CURLOPT_PRIVATE, ex);
	curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take_body);
	curl_easy_setopt(easy, CURLOPT_WRITEDATA, ex);
	curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, count_request);
	curl_easy_setopt(easy, CURLOPT_PREREQDATA, ex);
	curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, open_socket);
	curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, ex);
	curl_easy_setopt(easy, CURLOPT_HTTP_VERSION,
			 (long)CURL_HTTP_VERSION_1_1);
	/* Answers are small; curl allocates this for each transfer anew. */
	curl_easy_setopt(easy, CURLOPT_BUFFERSIZE, 4096L);
	curl_easy_setopt(easy, CURLOPT_MAXAGE_CONN, (long)IDLE_MAX_S);
	return easy;
}

struct exchange *exchange_create(struct http *http)
{
	struct exchange *ex = xcalloc(1, sizeof(*ex));
	ex->http = http;
	ex->generation = http->generation;
	ex->easy = make_easy(http, ex);
	return ex;
}

void exchange_destroy(struct exchange *ex)
{
	exchange_end(ex);
	curl_easy_cleanup(ex->easy);
	buf_finish(&ex->body);
	free(ex);
}

struct curl_slist *exchange_common_headers(void)
{
	struct curl_slist *list =
		curl_slist_append(NULL, "Content-Type: application/json");
	return curl_slist_append(list, "Expect:");
}

/* The common headers and those of one request. */
static struct curl_slist *copy_headers(const struct http_header *h)
{
	struct curl_slist *list = exchange_common_headers();
	for (; h->name; h++) {
		scoped_free char *line = xasprintf("%s: %s", h->name, h->value);
		list = curl_slist_append(list, line);
	}
	return list;
}

static void set_body(struct exchange *ex, const struct http_request *request)
{
	struct buf copy = {0};
	buf_add(&copy, request->body, request->body_len);
	ex->sent_body = buf_detach(&copy);
	if (request->headers)
		ex->sent_headers = copy_headers(request->headers);
	curl_easy_setopt(ex->easy, CURLOPT_HTTPHEADER,
			 ex->sent_headers ? ex->sent_headers
					  : ex->http->headers);
	curl_easy_setopt(ex->easy, CURLOPT_POSTFIELDSIZE_LARGE,
			 (curl_off_t)request->body_len);
	curl_easy_setopt(ex->easy, CURLOPT_POSTFIELDS, ex->sent_body);
}

void exchange_end(struct exchange *ex)
{
	free(steal(&ex->sent_body));
	if (ex->sent_headers)
		curl_easy_setopt(ex->easy, CURLOPT_HTTPHEADER, NULL);
	curl_slist_free_all(steal(&ex->sent_headers));
}

/* curl takes a URL apart and puts it together again several times, character by
 * character: it gets the short part, and the rest as it is. */
static void set_url(CURL *easy, const char *url)
{
	const char *host = strstr(url, "//");
	const char *target = host ? strpbrk(host + 2, "/?") : NULL;
	bool is_apart = target && *target == '/';
	scoped_free char *base =
		is_apart ? xstrndup(url, (size_t)(target - url)) : NULL;
	curl_easy_setopt(easy, CURLOPT_URL, is_apart ? base : url);
	curl_easy_setopt(easy, CURLOPT_REQUEST_TARGET,
			 is_apart ? target : NULL);
}

void exchange_begin(struct exchange *ex, const struct http_request *request)
{
	ex->done = request->done;
	ex->ctx = request->ctx;
	ex->requests = 0;
	ex->scope = request->scope;
	ex->sockets = 0;
	ex->is_refused = false;
	ex->is_cut = false;
	ex->error[0] = '\0';
	ex->started_us = clock_mono_us();
	buf_clear(&ex->body);
	set_url(ex->easy, request->url);
	http_easy_set_proxy(ex->easy, request->url);
	if (request->body) {
		set_body(ex, request);
	} else {
		curl_easy_setopt(ex->easy, CURLOPT_HTTPHEADER, NULL);
		curl_easy_setopt(ex->easy, CURLOPT_HTTPGET, 1L);
	}
}

static enum http_fate fate_of(const struct exchange *ex, CURLcode code)
{
	if (code == CURLE_OK || ex->is_cut)
		return HTTP_ANSWERED;
	if (ex->requests > 0)
		return HTTP_UNKNOWN;
	if (ex->is_refused && ex->sockets == 0)
		return HTTP_REFUSED;
	switch ((int)code) {
	case CURLE_PEER_FAILED_VERIFICATION:
	case CURLE_SSL_CACERT_BADFILE:
	case CURLE_SSL_ISSUER_ERROR:
	case CURLE_SSL_CRL_BADFILE:
	case CURLE_SSL_INVALIDCERTSTATUS:
		return HTTP_UNTRUSTED;
	default:
		return HTTP_NOT_SENT;
	}
}

void exchange_answer(struct exchange *ex, CURLcode code,
		     struct http_answer *out)
{
	curl_off_t retry_after = 0;
	*out = (struct http_answer){
		.fate = fate_of(ex, code),
		.body = buf_str(&ex->body),
		.body_len = ex->body.len,
		.is_cut = ex->is_cut,
		.retry_after_ms = -1,
		.duration_us = clock_mono_us() - ex->started_us,
		.error = "",
	};
	if (out->fate == HTTP_ANSWERED) {
		curl_easy_getinfo(ex->easy, CURLINFO_RESPONSE_CODE,
				  &out->status);
		curl_easy_getinfo(ex->easy, CURLINFO_RETRY_AFTER, &retry_after);
		if (retry_after > 0)
			out->retry_after_ms =
				MIN(retry_after, RETRY_AFTER_MAX_S) * 1000;
	} else if (out->fate == HTTP_REFUSED) {
		out->error = ex->refused;
	} else if (ex->requests > 1) {
		out->error = "the connection was closed without an answer";
	} else {
		out->error =
			ex->error[0] ? ex->error : curl_easy_strerror(code);
	}
}
