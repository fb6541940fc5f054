#include "relay/lock.h"

#include "lib/clock.h"
#include "lib/log.h"
#include "lib/text.h"
#include "lib/util.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

static char *lock_path(const char *db_path)
{
	scoped_free char *real = realpath(db_path, NULL);
	return xasprintf("%s-relay", real ? real : db_path);
}

static char *read_holder(int fd)
{
	char text[128];
	ssize_t len = pread(fd, text, sizeof(text) - 1, 0);
	if (len <= 0)
		return xstrdup("an unknown process");
	char *end = memchr(text, '\n', (size_t)len);
	return text_clean(text, end ? (size_t)(end - text) : (size_t)len);
}

static void write_holder(int fd)
{
	char now[CLOCK_ISO_LEN];
	clock_format_iso(clock_wall_ms(), now);
	char host[64] = "";
	gethostname(host, sizeof(host) - 1);
	if (ftruncate(fd, 0) != 0 ||
	    dprintf(fd, "pid %d on %s since %s\n", getpid(), host, now) < 0)
		log_warn("cannot write into the lock file",
			 LOG_STR("error", strerror(errno)));
}

int lock_take(struct lock *lock, const char *db_path, char **holder_out)
{
	*lock = (struct lock){.path = lock_path(db_path)};
	lock->fd = open(lock->path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW,
			0660);
	if (lock->fd < 0) {
		log_error("cannot open the lock file",
			  LOG_STR("file", lock->path),
			  LOG_STR("error", strerror(errno)));
		lock_release(lock);
		return -1;
	}
	if (flock(lock->fd, LOCK_EX | LOCK_NB) == 0) {
		write_holder(lock->fd);
		return LOCK_TAKEN;
	}
	*holder_out = read_holder(lock->fd);
	lock_release(lock);
	return LOCK_HELD;
}

void lock_release(struct lock *lock)
{
	if (lock->fd >= 0)
		close(lock->fd);
	free(steal(&lock->path));
	lock->fd = -1;
}
