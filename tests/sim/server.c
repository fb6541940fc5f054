/* See server.h. */
#include "tests/sim/server.h"

#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <microhttpd.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "lib/clock.h"
#include "lib/secret.h"
#include "lib/util.h"
#include "tests/sim/file.h"
#include "tests/sim/gate.h"
#include "tests/sim/park.h"
#include "tests/sim/wire.h"

enum { EVENT_MAX = 256, CONNECTION_MAX = 8192, BODY_MAX = 16 << 20 };

struct server {
	struct sim *sim; /* borrowed */
	struct MHD_Daemon *daemon;
	struct buf cert;
	struct buf key;
	int epoll_fd;
	int timer_fd;
	int signal_fd;
	int64_t timer_us; /* when the timer is set for; INT64_MAX: it is not */
	struct park park;
	bool is_stopping;
};

/* One request of a client; libmicrohttpd keeps the pointer. */
struct visit {
	struct parked parked; /* first, so that a member of the park is one */
	struct call call;
	struct MHD_Connection *connection;
	bool is_parked;
	bool is_judged;
};

static int64_t *request_count(struct MHD_Connection *connection)
{
	return MHD_get_connection_info(connection,
				       MHD_CONNECTION_INFO_SOCKET_CONTEXT)
		->socket_context;
}

static void on_connection(void *cls, struct MHD_Connection *connection,
			  void **context,
			  enum MHD_ConnectionNotificationCode code)
{
	(void)cls;
	(void)connection;
	if (code == MHD_CONNECTION_NOTIFY_STARTED)
		*context = xcalloc(1, sizeof(int64_t));
	else
		free(steal(context));
}

static void watch(struct server *sv, struct visit *v)
{
	struct epoll_event ev = {.events = EPOLLRDHUP, .data.ptr = v};
	epoll_ctl(sv->epoll_fd, EPOLL_CTL_ADD, wire_socket(v->connection), &ev);
}

static void park_visit(struct server *sv, struct visit *v, int64_t due_us)
{
	MHD_suspend_connection(v->connection);
	v->is_parked = true;
	v->parked.due_us = due_us;
	park_add(&sv->park, &v->parked);
	watch(sv, v);
}

/* Lets libmicrohttpd call on_request for it once more. */
static void unpark_visit(struct server *sv, struct visit *v)
{
	park_remove(&sv->park, &v->parked);
	v->is_parked = false;
	epoll_ctl(sv->epoll_fd, EPOLL_CTL_DEL, wire_socket(v->connection),
		  NULL);
	MHD_resume_connection(v->connection);
}

static enum MHD_Result collect_param(void *cls, enum MHD_ValueKind kind,
				     const char *name, const char *value)
{
	struct call *c = cls;
	(void)kind;
	if (c->param_count == CALL_PARAM_MAX)
		return MHD_NO;
	c->params[c->param_count++] = (struct call_param){
		.name = name,
		.value = value ? value : "",
	};
	return MHD_YES;
}

/* The request is complete: find out what becomes of it, and when. */
static enum MHD_Result judge(struct server *sv, struct visit *v)
{
	struct call *c = &v->call;
	v->is_judged = true;
	c->arrived_us = clock_mono_us();
	c->is_reused = (*request_count(v->connection))++ > 0;
	c->content_type = MHD_lookup_connection_value(
		v->connection, MHD_HEADER_KIND, MHD_HTTP_HEADER_CONTENT_TYPE);
	for (size_t i = 0; i < CALL_HOOK_HEADERS; i++)
		c->hook_headers[i] = MHD_lookup_connection_value(
			v->connection, MHD_HEADER_KIND, call_hook_headers[i]);
	MHD_get_connection_values(v->connection, MHD_GET_ARGUMENT_KIND,
				  collect_param, c);
	gate_enter(sv->sim, c);
	if (c->answer.kind == ANSWER_HANG) {
		park_visit(sv, v, INT64_MAX);
		return MHD_YES;
	}
	if (c->answer.delay_us) {
		park_visit(sv, v, c->arrived_us + c->answer.delay_us);
		return MHD_YES;
	}
	gate_leave(sv->sim, c);
	return wire_answer(v->connection, &c->answer);
}

static enum MHD_Result on_request(void *cls, struct MHD_Connection *connection,
				  const char *url, const char *method,
				  const char *version, const char *upload,
				  size_t *upload_len, void **context)
{
	struct server *sv = cls;
	struct visit *v = *context;
	(void)version;
	if (!v) {
		v = xcalloc(1, sizeof(*v));
		v->connection = connection;
		v->call.method = method;
		v->call.path = url;
		*context = v;
		return MHD_YES;
	}
	if (*upload_len) {
		if (v->call.body.len + *upload_len > BODY_MAX)
			return MHD_NO;
		buf_add(&v->call.body, upload, *upload_len);
		*upload_len = 0;
		return MHD_YES;
	}
	if (!v->is_judged)
		return judge(sv, v);
	if (sv->is_stopping)
		return MHD_NO;
	gate_leave(sv->sim, &v->call);
	return wire_answer(connection, &v->call.answer);
}

static void on_completed(void *cls, struct MHD_Connection *connection,
			 void **context, enum MHD_RequestTerminationCode code)
{
	struct server *sv = cls;
	struct visit *v = *context;
	(void)connection;
	(void)code;
	if (!v)
		return;
	gate_leave(sv->sim, &v->call);
	call_finish(&v->call);
	free(v);
	*context = NULL;
}

static void say_nothing(void *cls, const char *fmt, va_list ap)
{
	(void)cls;
	(void)fmt;
	(void)ap;
}

static int start_daemon(struct server *sv)
{
	const struct options *opt = sv->sim->opt;
	struct sockaddr_in at = {
		.sin_family = AF_INET,
		.sin_port = htons((uint16_t)opt->port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	struct MHD_OptionItem tls[] = {
		{MHD_OPTION_HTTPS_MEM_CERT, 0, sv->cert.data},
		{MHD_OPTION_HTTPS_MEM_KEY, 0, sv->key.data},
		{MHD_OPTION_END, 0, NULL},
	};
	if (!opt->tls_cert)
		tls[0] = tls[2];
	sv->daemon = MHD_start_daemon(
		MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG |
			(opt->tls_cert ? (unsigned)MHD_USE_TLS : 0),
		(uint16_t)opt->port, NULL, NULL, on_request, sv,
		MHD_OPTION_EXTERNAL_LOGGER, say_nothing, NULL,
		MHD_OPTION_SOCK_ADDR, &at, MHD_OPTION_CONNECTION_LIMIT,
		(unsigned)CONNECTION_MAX, MHD_OPTION_LISTEN_BACKLOG_SIZE, 1024U,
		MHD_OPTION_NOTIFY_CONNECTION, on_connection, sv,
		MHD_OPTION_NOTIFY_COMPLETED, on_completed, sv, MHD_OPTION_ARRAY,
		tls, MHD_OPTION_END);
	return sv->daemon ? 0 : -1;
}

/* The events' pointers: the server's own descriptors, else a visit. */
static void add_fd(struct server *sv, int fd, void *mark)
{
	struct epoll_event ev = {.events = EPOLLIN, .data.ptr = mark};
	epoll_ctl(sv->epoll_fd, EPOLL_CTL_ADD, fd, &ev);
}

static void open_events(struct server *sv)
{
	sigset_t set;
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigprocmask(SIG_BLOCK, &set, NULL);
	signal(SIGPIPE, SIG_IGN);
	sv->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	sv->timer_fd =
		timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	sv->signal_fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	add_fd(sv, sv->timer_fd, &sv->timer_fd);
	add_fd(sv, sv->signal_fd, &sv->signal_fd);
	add_fd(sv,
	       MHD_get_daemon_info(sv->daemon, MHD_DAEMON_INFO_EPOLL_FD)
		       ->epoll_fd,
	       &sv->daemon);
}

static int read_keys(struct server *sv)
{
	const struct options *opt = sv->sim->opt;
	return file_read(opt->tls_cert, &sv->cert) ||
	       file_read(opt->tls_key, &sv->key);
}

struct server *server_open(struct sim *sim)
{
	struct server *sv = xcalloc(1, sizeof(*sv));
	sv->sim = sim;
	sv->timer_us = INT64_MAX;
	sv->epoll_fd = sv->timer_fd = sv->signal_fd = -1;
	if (sim->opt->tls_cert && read_keys(sv)) {
		server_close(sv);
		return NULL;
	}
	if (start_daemon(sv)) {
		warn("port %lld", (long long)sim->opt->port);
		server_close(sv);
		return NULL;
	}
	open_events(sv);
	return sv;
}

unsigned server_port(const struct server *sv)
{
	return MHD_get_daemon_info(sv->daemon, MHD_DAEMON_INFO_BIND_PORT)->port;
}

static void release_due(struct server *sv, int64_t now_us)
{
	struct parked *first = NULL;
	while ((first = park_first(&sv->park)) && first->due_us <= now_us)
		unpark_visit(sv, (struct visit *)first);
}

static void set_timer(struct server *sv)
{
	const struct parked *first = park_first(&sv->park);
	int64_t due_us = first ? first->due_us : INT64_MAX;
	struct itimerspec when = {.it_value = {0}};
	if (due_us == sv->timer_us)
		return;
	if (due_us != INT64_MAX) {
		when.it_value.tv_sec = due_us / 1000000;
		when.it_value.tv_nsec = due_us % 1000000 * 1000;
	}
	timerfd_settime(sv->timer_fd, TFD_TIMER_ABSTIME, &when, NULL);
	sv->timer_us = due_us;
}

/* A client that waits for nothing any more: nobody is there to answer. */
static void lose_visit(struct server *sv, struct visit *v)
{
	if (!v->is_parked)
		return;
	answer_set_text(&v->call.answer, "");
	v->call.answer.kind = ANSWER_CLOSE;
	unpark_visit(sv, v);
}

static void handle(struct server *sv, void *mark)
{
	if (mark == &sv->signal_fd)
		sv->is_stopping = true;
	else if (mark == &sv->timer_fd)
		sv->timer_us = INT64_MAX; /* fired; set_timer sets it anew */
	else if (mark != &sv->daemon)
		lose_visit(sv, mark);
}

static int wait_ms(struct server *sv)
{
	MHD_UNSIGNED_LONG_LONG ms = 0;
	if (MHD_get_timeout(sv->daemon, &ms) != MHD_YES)
		return -1;
	return (int)MIN(ms, 60000);
}

int server_run(struct server *sv)
{
	struct epoll_event events[EVENT_MAX];
	while (!sv->is_stopping) {
		int n = epoll_wait(sv->epoll_fd, events, EVENT_MAX,
				   wait_ms(sv));
		if (n < 0 && errno != EINTR) {
			warn("epoll_wait");
			return -1;
		}
		for (int i = 0; i < n; i++)
			handle(sv, events[i].data.ptr);
		release_due(sv, clock_mono_us());
		MHD_run(sv->daemon);
		set_timer(sv);
	}
	return 0;
}

static void close_fd(int fd)
{
	if (fd >= 0)
		close(fd);
}

void server_close(struct server *sv)
{
	if (!sv)
		return;
	sv->is_stopping = true;
	while (park_first(&sv->park))
		unpark_visit(sv, (struct visit *)park_first(&sv->park));
	if (sv->daemon)
		MHD_stop_daemon(sv->daemon);
	park_finish(&sv->park);
	if (sv->key.data)
		secret_wipe(sv->key.data, sv->key.len);
	buf_finish(&sv->cert);
	buf_finish(&sv->key);
	close_fd(sv->epoll_fd);
	close_fd(sv->timer_fd);
	close_fd(sv->signal_fd);
	free(sv);
}
