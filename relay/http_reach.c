#include "relay/http_reach.h"

#include "lib/util.h"
#include "relay/http_easy.h"

#include <curl/curl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

struct attempt {
	const struct http_reach_request *request;
	struct http_reach *out;
	bool is_refused; /* an address was out of scope */
};

static size_t drop_body(char *data, size_t size, size_t count, void *ctx)
{
	(void)data;
	(void)ctx;
	return size * count;
}

static size_t take_header(char *data, size_t size, size_t count, void *ctx)
{
	static const char name[] = "date:";
	struct attempt *a = ctx;
	size_t len = size * count;
	size_t at = sizeof(name) - 1;
	if (len > at && strncasecmp(data, name, at) == 0) {
		scoped_free char *value = xstrndup(data + at, len - at);
		time_t date = curl_getdate(value, NULL);
		a->out->time_s = date > 0 ? (int64_t)date : 0;
	}
	return len;
}

static curl_socket_t open_socket(void *ctx, curlsocktype purpose,
				 struct curl_sockaddr *address)
{
	(void)purpose;
	struct attempt *a = ctx;
	if (!address_is_within(address_judge(&address->addr),
			       a->request->scope)) {
		a->is_refused = true;
		return CURL_SOCKET_BAD;
	}
	return socket(address->family, address->socktype | SOCK_CLOEXEC,
		      address->protocol);
}

static CURL *prepare(struct attempt *a, char error[static CURL_ERROR_SIZE])
{
	const struct http_reach_request *r = a->request;
	struct http_options options = {
		.ca_file = r->ca_file,
		.connect_timeout_ms = r->connect_timeout_ms,
		.timeout_ms = r->timeout_ms,
	};
	CURL *easy = http_easy_create(&options, error);
	curl_easy_setopt(easy, CURLOPT_URL, r->url);
	http_easy_set_proxy(easy, r->url);
	curl_easy_setopt(easy, CURLOPT_CONNECT_ONLY, r->is_silent ? 1L : 0L);
	curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, drop_body);
	curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, take_header);
	curl_easy_setopt(easy, CURLOPT_HEADERDATA, a);
	curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, open_socket);
	curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, a);
	return easy;
}

/* What curl says of itself; with any other code the connection stood. */
static const struct {
	CURLcode code;
	enum http_reach_step step;
} steps[] = {
	{CURLE_OK, HTTP_REACH_DONE},
	{CURLE_COULDNT_RESOLVE_HOST, HTTP_REACH_NAME},
	{CURLE_COULDNT_RESOLVE_PROXY, HTTP_REACH_NAME},
	{CURLE_COULDNT_CONNECT, HTTP_REACH_CONNECTION},
	{CURLE_SSL_CONNECT_ERROR, HTTP_REACH_TLS},
	{CURLE_PEER_FAILED_VERIFICATION, HTTP_REACH_CERTIFICATE},
	{CURLE_SSL_CACERT_BADFILE, HTTP_REACH_CERTIFICATE},
	{CURLE_SSL_ISSUER_ERROR, HTTP_REACH_CERTIFICATE},
	{CURLE_SSL_CRL_BADFILE, HTTP_REACH_CERTIFICATE},
	{CURLE_SSL_INVALIDCERTSTATUS, HTTP_REACH_CERTIFICATE},
};

static enum http_reach_step step_of(CURL *easy, CURLcode code)
{
	curl_off_t connected_us = 0;
	for (size_t i = 0; i < ARRAY_LEN(steps); i++) {
		if (steps[i].code == code)
			return steps[i].step;
	}
	curl_easy_getinfo(easy, CURLINFO_CONNECT_TIME_T, &connected_us);
	return connected_us > 0 ? HTTP_REACH_ANSWER : HTTP_REACH_CONNECTION;
}

void http_reach(const struct http_reach_request *request,
		struct http_reach *out)
{
	*out = (struct http_reach){.failed = HTTP_REACH_CONNECTION};
	struct attempt a = {.request = request, .out = out};
	char error[CURL_ERROR_SIZE] = "";
	CURL *easy = prepare(&a, error);
	CURLcode code = curl_easy_perform(easy);
	out->failed = step_of(easy, code);
	if (a.is_refused && out->failed == HTTP_REACH_CONNECTION)
		out->failed = HTTP_REACH_SCOPE;
	snprintf(out->error, sizeof(out->error), "%s",
		 error[0] ? error : curl_easy_strerror(code));
	curl_easy_cleanup(easy);
}
