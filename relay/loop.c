#include "relay/loop.h"

#include "lib/log.h"
#include "lib/util.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <unistd.h>

enum { EVENTS_A_WAIT = 256 };

struct source {
	loop_fn *fn; /* NULL: the descriptor is not registered */
	void *ctx;
};

struct loop {
	int epoll_fd;
	int timer_fd;
	struct source *sources; /* own; indexed by descriptor */
	size_t source_count;
};

static int fail(const char *call)
{
	log_error("event loop failed", LOG_STR("call", call),
		  LOG_STR("error", strerror(errno)));
	return -1;
}

static void on_timer(void *ctx, int fd, uint32_t events)
{
	(void)ctx;
	(void)events;
	uint64_t ticks;
	ssize_t ignored = read(fd, &ticks, sizeof(ticks));
	(void)ignored;
}

int loop_create(struct loop **loop_out)
{
	struct loop *loop = xcalloc(1, sizeof(*loop));
	loop->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	loop->timer_fd =
		timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
	if (loop->epoll_fd < 0 || loop->timer_fd < 0 ||
	    loop_set(loop, loop->timer_fd, EPOLLIN, on_timer, NULL)) {
		fail("create");
		loop_destroy(loop);
		return -1;
	}
	*loop_out = loop;
	return 0;
}

void loop_destroy(struct loop *loop)
{
	if (!loop)
		return;
	if (loop->timer_fd >= 0)
		close(loop->timer_fd);
	if (loop->epoll_fd >= 0)
		close(loop->epoll_fd);
	free(loop->sources);
	free(loop);
}

static void make_room(struct loop *loop, size_t count)
{
	if (count <= loop->source_count)
		return;
	size_t want = MAX(count, loop->source_count * 2);
	loop->sources = xrealloc(loop->sources, want * sizeof(*loop->sources));
	memset(loop->sources + loop->source_count, 0,
	       (want - loop->source_count) * sizeof(*loop->sources));
	loop->source_count = want;
}

int loop_set(struct loop *loop, int fd, uint32_t events, loop_fn *fn, void *ctx)
{
	make_room(loop, (size_t)fd + 1);
	struct source *source = &loop->sources[fd];
	int op = source->fn ? EPOLL_CTL_MOD : EPOLL_CTL_ADD;
	struct epoll_event event = {.events = events, .data.fd = fd};
	/* curl may close a descriptor and get the same number again. */
	if (epoll_ctl(loop->epoll_fd, op, fd, &event) != 0) {
		op = errno == ENOENT ? EPOLL_CTL_ADD : EPOLL_CTL_MOD;
		if (epoll_ctl(loop->epoll_fd, op, fd, &event) != 0)
			return fail("epoll_ctl");
	}
	*source = (struct source){fn, ctx};
	return 0;
}

void loop_remove(struct loop *loop, int fd)
{
	if ((size_t)fd >= loop->source_count || !loop->sources[fd].fn)
		return;
	epoll_ctl(loop->epoll_fd, EPOLL_CTL_DEL, fd, NULL);
	loop->sources[fd] = (struct source){0};
}

int loop_wait(struct loop *loop, int64_t deadline_us)
{
	/* All zero would switch the timer off, so the past is microsecond 1. */
	int64_t at = MAX(deadline_us, 1);
	struct itimerspec spec = {
		.it_value = {.tv_sec = at / 1000000,
			     .tv_nsec = at % 1000000 * 1000},
	};
	if (timerfd_settime(loop->timer_fd, TFD_TIMER_ABSTIME, &spec, NULL))
		return fail("timerfd_settime");

	struct epoll_event events[EVENTS_A_WAIT];
	int count = epoll_wait(loop->epoll_fd, events, EVENTS_A_WAIT, -1);
	if (count < 0)
		return errno == EINTR ? 0 : fail("epoll_wait");
	for (int i = 0; i < count; i++) {
		struct source *source = &loop->sources[events[i].data.fd];
		if (source->fn)
			source->fn(source->ctx, events[i].data.fd,
				   events[i].events);
	}
	return 0;
}
