#include "relay/http.h"

#include "lib/buf.h"
#include "lib/clock.h"
#include "lib/log.h"
#include "lib/util.h"
#include "relay/loop.h"

#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>

/* An idle connection older than this is not used again: the longer it has been
 * idle, the likelier the other side is closing it at this moment, and a request
 * that meets the close has an unknown outcome. */
enum { IDLE_MAX_S = 15 };

struct exchange {
	struct http *http; /* borrowed; its owner */
	CURL *easy;	   /* own */
	http_done *done;
	void *ctx;
	struct buf body;   /* of the answer */
	char *sent_body;   /* own */
	unsigned requests; /* that curl was about to write */
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
	struct exchange *idle;	     /* own; ready to be used again */
	struct exchange *on_wire;    /* own */
	size_t on_wire_count;
	int64_t deadline_us;
};

static int act(struct http *http, curl_socket_t fd, int what)
{
	int running;
	CURLMcode code =
		curl_multi_socket_action(http->multi, fd, what, &running);
	if (code != CURLM_OK)
		log_error("http failed",
			  LOG_STR("error", curl_multi_strerror(code)));
	return code == CURLM_OK ? 0 : -1;
}

static void on_socket(void *ctx, int fd, uint32_t events)
{
	int what = 0;
	if (events & (EPOLLIN | EPOLLHUP))
		what |= CURL_CSELECT_IN;
	if (events & EPOLLOUT)
		what |= CURL_CSELECT_OUT;
	if (events & EPOLLERR)
		what |= CURL_CSELECT_ERR;
	act(ctx, fd, what);
}

static int watch_socket(CURL *easy, curl_socket_t fd, int what, void *ctx,
			void *socket_ctx)
{
	(void)easy;
	(void)socket_ctx;
	struct http *http = ctx;
	if (what == CURL_POLL_REMOVE) {
		loop_remove(http->loop, fd);
		return 0;
	}
	uint32_t events = 0;
	if (what & CURL_POLL_IN)
		events |= EPOLLIN;
	if (what & CURL_POLL_OUT)
		events |= EPOLLOUT;
	return loop_set(http->loop, fd, events, on_socket, http) ? -1 : 0;
}

static int set_timer(CURLM *multi, long timeout_ms, void *ctx)
{
	(void)multi;
	struct http *http = ctx;
	http->deadline_us = timeout_ms < 0
				    ? INT64_MAX
				    : clock_mono_us() + timeout_ms * 1000;
	return 0;
}

static size_t take_body(char *data, size_t size, size_t count, void *ctx)
{
	struct exchange *ex = ctx;
	size_t len = size * count;
	size_t room = HTTP_BODY_MAX - ex->body.len;
	buf_add(&ex->body, data, MIN(len, room));
	ex->is_cut = len > room;
	return ex->is_cut ? CURL_WRITEFUNC_ERROR : len;
}

/* curl calls this right before it writes a request. It would call it a second
 * time when a connection that was used before dies without an answer: the first
 * request may have been acted upon, so there must not be a second. */
static int count_request(void *ctx, char *peer, char *local, int peer_port,
			 int local_port)
{
	(void)peer;
	(void)local;
	(void)peer_port;
	(void)local_port;
	struct exchange *ex = ctx;
	return ex->requests++ == 0 ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT;
}

static CURL *make_easy(struct http *http, struct exchange *ex)
{
	const struct http_options *o = &http->options;
	CURL *easy = curl_easy_init();
	if (!easy)
		abort();
	curl_easy_setopt(easy, CURLOPT_PRIVATE, ex);
	curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, ex->error);
	curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take_body);
	curl_easy_setopt(easy, CURLOPT_WRITEDATA, ex);
	curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, count_request);
	curl_easy_setopt(easy, CURLOPT_PREREQDATA, ex);
	curl_easy_setopt(easy, CURLOPT_USERAGENT,
			 "outbox-relay/" OUTBOX_VERSION);
	curl_easy_setopt(easy, CURLOPT_HTTP_VERSION,
			 (long)CURL_HTTP_VERSION_1_1);
	curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	/* Answers are small; curl allocates this for each transfer anew. */
	curl_easy_setopt(easy, CURLOPT_BUFFERSIZE, 4096L);
	curl_easy_setopt(easy, CURLOPT_MAXAGE_CONN, (long)IDLE_MAX_S);
	curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS,
			 (long)o->connect_timeout_ms);
	curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)o->timeout_ms);
	if (o->ca_file)
		curl_easy_setopt(easy, CURLOPT_CAINFO, o->ca_file);
	if (o->is_loopback)
		curl_easy_setopt(easy, CURLOPT_PROXY, "");
	return easy;
}

static struct exchange *take_idle(struct http *http)
{
	struct exchange *ex = http->idle;
	if (ex) {
		http->idle = ex->next;
		return ex;
	}
	ex = xcalloc(1, sizeof(*ex));
	ex->http = http;
	ex->easy = make_easy(http, ex);
	return ex;
}

static void link_on_wire(struct exchange *ex)
{
	struct http *http = ex->http;
	ex->prev = NULL;
	ex->next = http->on_wire;
	if (ex->next)
		ex->next->prev = ex;
	http->on_wire = ex;
	http->on_wire_count++;
}

static void unlink_on_wire(struct exchange *ex)
{
	struct http *http = ex->http;
	if (ex->next)
		ex->next->prev = ex->prev;
	*(ex->prev ? &ex->prev->next : &http->on_wire) = ex->next;
	http->on_wire_count--;
}

void http_send(struct http *http, const struct http_request *request)
{
	struct exchange *ex = take_idle(http);
	ex->done = request->done;
	ex->ctx = request->ctx;
	ex->requests = 0;
	ex->is_cut = false;
	ex->error[0] = '\0';
	ex->started_us = clock_mono_us();
	buf_clear(&ex->body);
	curl_easy_setopt(ex->easy, CURLOPT_URL, request->url);
	curl_easy_setopt(ex->easy, CURLOPT_HTTPHEADER,
			 request->body ? http->headers : NULL);
	if (request->body) {
		struct buf copy = {0};
		buf_add(&copy, request->body, request->body_len);
		ex->sent_body = buf_detach(&copy);
		curl_easy_setopt(ex->easy, CURLOPT_POSTFIELDSIZE_LARGE,
				 (curl_off_t)request->body_len);
		curl_easy_setopt(ex->easy, CURLOPT_POSTFIELDS, ex->sent_body);
	} else {
		curl_easy_setopt(ex->easy, CURLOPT_HTTPGET, 1L);
	}
	link_on_wire(ex);
	curl_multi_add_handle(http->multi, ex->easy);
}

static enum http_fate fate_of(const struct exchange *ex, CURLcode code)
{
	if (code == CURLE_OK || ex->is_cut)
		return HTTP_ANSWERED;
	if (ex->requests > 0)
		return HTTP_UNKNOWN;
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

static void fill_answer(struct http_answer *out, struct exchange *ex,
			CURLcode code)
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
			out->retry_after_ms = retry_after * 1000;
	} else if (ex->requests > 1) {
		out->error = "the connection was closed without an answer";
	} else {
		out->error =
			ex->error[0] ? ex->error : curl_easy_strerror(code);
	}
}

static void finish(struct exchange *ex, CURLcode code)
{
	struct http *http = ex->http;
	struct http_answer answer;
	fill_answer(&answer, ex, code);
	curl_multi_remove_handle(http->multi, ex->easy);
	unlink_on_wire(ex);
	ex->done(ex->ctx, &answer);
	free(steal(&ex->sent_body));
	/* An answer far larger than any of WeChat's need not stay in memory. */
	if (ex->body.cap > 65536)
		buf_finish(&ex->body);
	ex->next = http->idle;
	http->idle = ex;
}

void http_advance(struct http *http, int64_t now_us)
{
	if (now_us >= http->deadline_us) {
		http->deadline_us = INT64_MAX;
		act(http, CURL_SOCKET_TIMEOUT, 0);
	}
	CURLMsg *msg;
	int left;
	while ((msg = curl_multi_info_read(http->multi, &left))) {
		if (msg->msg != CURLMSG_DONE)
			continue;
		/* msg does not survive the removal of its handle. */
		CURLcode code = msg->data.result;
		struct exchange *ex;
		curl_easy_getinfo(msg->easy_handle, CURLINFO_PRIVATE, &ex);
		finish(ex, code);
	}
}

int64_t http_deadline_us(const struct http *http)
{
	return http->deadline_us;
}

size_t http_on_wire(const struct http *http)
{
	return http->on_wire_count;
}

const char *http_version(void)
{
	return curl_version();
}

int http_create(struct http **http_out, struct loop *loop,
		const struct http_options *options)
{
	struct http *http = xcalloc(1, sizeof(*http));
	http->loop = loop;
	http->options = *options;
	http->options.ca_file = xstrdup_or_null(options->ca_file);
	http->deadline_us = INT64_MAX;
	http->multi = curl_multi_init();
	if (!http->multi)
		abort();
	curl_multi_setopt(http->multi, CURLMOPT_SOCKETFUNCTION, watch_socket);
	curl_multi_setopt(http->multi, CURLMOPT_SOCKETDATA, http);
	curl_multi_setopt(http->multi, CURLMOPT_TIMERFUNCTION, set_timer);
	curl_multi_setopt(http->multi, CURLMOPT_TIMERDATA, http);
	curl_multi_setopt(http->multi, CURLMOPT_MAXCONNECTS,
			  (long)options->connections_kept);
	http->headers =
		curl_slist_append(NULL, "Content-Type: application/json");
	http->headers = curl_slist_append(http->headers, "Expect:");
	*http_out = http;
	return 0;
}

static void drop_list(struct http *http, struct exchange *ex)
{
	while (ex) {
		struct exchange *next = ex->next;
		curl_multi_remove_handle(http->multi, ex->easy);
		curl_easy_cleanup(ex->easy);
		buf_finish(&ex->body);
		free(ex->sent_body);
		free(ex);
		ex = next;
	}
}

void http_destroy(struct http *http)
{
	if (!http)
		return;
	drop_list(http, http->on_wire);
	drop_list(http, http->idle);
	curl_multi_cleanup(http->multi);
	curl_slist_free_all(http->headers);
	free((char *)http->options.ca_file);
	free(http);
}
