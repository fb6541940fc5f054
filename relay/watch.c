#include "relay/watch.h"

#include "lib/log.h"
#include "lib/path.h"
#include "lib/util.h"
#include "relay/loop.h"
#include "schema/db.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/inotify.h>
#include <unistd.h>

/* After an event: the waits between looks. A commit with FULL is seen when its
 * fsync ends, which takes from 0.1 ms (NVMe) to 100 ms (a busy disk). */
static const int64_t looks_us[] = {100,	 200,	500,   1000,  2000,
				   5000, 10000, 20000, 50000, 100000};

struct watch {
	struct loop *loop; /* borrowed, as is db */
	struct db *db;
	char *wal_path; /* own */
	int fd;		/* -1: no inotify here */
	int watch_id;	/* -1: the WAL is not watched now */
	int64_t poll_us;
	int64_t next_look_us;
	size_t looks_left; /* of the series; 0: only the slow poll is on */
	bool has_event;
	bool is_complained;
};

static void watch_wal(struct watch *w)
{
	if (w->fd < 0 || w->watch_id >= 0)
		return;
	w->watch_id = inotify_add_watch(
		w->fd, w->wal_path, IN_MODIFY | IN_DELETE_SELF | IN_MOVE_SELF);
	if (w->watch_id >= 0 || w->is_complained)
		return;
	w->is_complained = true;
	log_warn("the write-ahead log cannot be watched: new rows are found "
		 "by polling",
		 LOG_STR("file", w->wal_path),
		 LOG_STR("error", strerror(errno)),
		 LOG_INT("poll_ms", w->poll_us / 1000));
}

static void on_inotify(void *ctx, int fd, uint32_t events)
{
	(void)events;
	struct watch *w = ctx;
	char buffer[4096] __attribute__((aligned(8)));
	ssize_t len;
	while ((len = read(fd, buffer, sizeof(buffer))) > 0) {
		for (char *p = buffer; p < buffer + len;) {
			struct inotify_event *event = (void *)p;
			if (event->mask & (IN_IGNORED | IN_MOVE_SELF))
				w->watch_id = -1;
			p += sizeof(*event) + event->len;
		}
		w->has_event = true;
	}
}

int watch_create(struct watch **watch_out, struct loop *loop, struct db *db,
		 int64_t poll_ms)
{
	struct watch *w = xcalloc(1, sizeof(*w));
	scoped_free char *real = path_real(db_path(db));
	*w = (struct watch){
		.loop = loop,
		.db = db,
		.wal_path = xasprintf("%s-wal", real),
		.fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC),
		.watch_id = -1,
		.poll_us = poll_ms * 1000,
	};
	if (w->fd < 0)
		log_warn("no inotify: new rows are found by polling",
			 LOG_STR("error", strerror(errno)),
			 LOG_INT("poll_ms", poll_ms));
	else if (loop_set(loop, w->fd, EPOLLIN, on_inotify, w)) {
		watch_destroy(w);
		return -1;
	}
	watch_wal(w);
	*watch_out = w;
	return 0;
}

void watch_destroy(struct watch *w)
{
	if (!w)
		return;
	if (w->fd >= 0) {
		loop_remove(w->loop, w->fd);
		close(w->fd);
	}
	free(w->wal_path);
	free(w);
}

void watch_adopt(struct watch *w, int64_t poll_ms)
{
	w->poll_us = poll_ms * 1000;
	w->next_look_us = 0;
}

int64_t watch_deadline_us(const struct watch *w)
{
	return w->has_event ? 0 : w->next_look_us;
}

bool watch_look(struct watch *w, int64_t now_us)
{
	if (w->has_event)
		w->looks_left = ARRAY_LEN(looks_us);
	else if (now_us < w->next_look_us)
		return false;
	w->has_event = false;
	watch_wal(w);
	bool has_changed = db_has_changed(w->db);
	if (has_changed)
		w->looks_left = 0;
	if (w->looks_left) {
		size_t i = ARRAY_LEN(looks_us) - w->looks_left--;
		w->next_look_us = now_us + looks_us[i];
	} else {
		w->next_look_us = now_us + w->poll_us;
	}
	return has_changed;
}
