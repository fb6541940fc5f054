#include "relay/http_internal.h"

#include "lib/clock.h"
#include "lib/log.h"
#include "lib/util.h"
#include "relay/loop.h"

#include <stdlib.h>
#include <sys/epoll.h>

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

static struct exchange *take_idle(struct http *http)
{
	struct exchange *ex = http->idle;
	if (!ex)
		return exchange_create(http);
	http->idle = ex->next;
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
	exchange_begin(ex, request);
	link_on_wire(ex);
	curl_multi_add_handle(http->multi, ex->easy);
}

static void drop_list(struct http *http, struct exchange *ex)
{
	while (ex) {
		struct exchange *next = ex->next;
		curl_multi_remove_handle(http->multi, ex->easy);
		exchange_destroy(ex);
		ex = next;
	}
}

static void finish(struct exchange *ex, CURLcode code)
{
	struct http *http = ex->http;
	struct http_answer answer;
	exchange_answer(ex, code, &answer);
	curl_multi_remove_handle(http->multi, ex->easy);
	unlink_on_wire(ex);
	ex->done(ex->ctx, &answer);
	exchange_end(ex);
	/* An answer far larger than any of WeChat's need not stay in memory. */
	if (ex->body.cap > 65536)
		buf_finish(&ex->body);
	ex->next = NULL;
	if (ex->generation != http->generation) {
		drop_list(http, ex);
		return;
	}
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

static void set_options(struct http *http, const struct http_options *options)
{
	free((char *)http->options.ca_file);
	http->options = *options;
	http->options.ca_file = xstrdup_or_null(options->ca_file);
	curl_multi_setopt(http->multi, CURLMOPT_MAXCONNECTS,
			  (long)options->connections_kept);
}

void http_adopt(struct http *http, const struct http_options *options)
{
	set_options(http, options);
	http->generation++;
	drop_list(http, steal(&http->idle));
}

int http_create(struct http **http_out, struct loop *loop,
		const struct http_options *options)
{
	struct http *http = xcalloc(1, sizeof(*http));
	http->loop = loop;
	http->deadline_us = INT64_MAX;
	http->multi = curl_multi_init();
	if (!http->multi)
		abort();
	curl_multi_setopt(http->multi, CURLMOPT_SOCKETFUNCTION, watch_socket);
	curl_multi_setopt(http->multi, CURLMOPT_SOCKETDATA, http);
	curl_multi_setopt(http->multi, CURLMOPT_TIMERFUNCTION, set_timer);
	curl_multi_setopt(http->multi, CURLMOPT_TIMERDATA, http);
	set_options(http, options);
	http->headers = exchange_common_headers();
	*http_out = http;
	return 0;
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
