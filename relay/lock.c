#include "relay/lock.h"

#include "lib/clock.h"
#include "lib/log.h"
#include "lib/path.h"
#include "lib/text.h"
#include "lib/util.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static struct file_id identify(const char *path)
{
	struct stat st;
	if (stat(path, &st) != 0)
		return (struct file_id){0};
	return (struct file_id){st.st_dev, st.st_ino};
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
	*lock = (struct lock){.db_path = path_real(db_path)};
	lock->path = xasprintf("%s-relay", lock->db_path);
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
		lock->file = identify(lock->path);
		lock->db = identify(lock->db_path);
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
	free(steal(&lock->db_path));
	lock->fd = -1;
}

static bool is_same(struct file_id a, struct file_id b)
{
	return a.device == b.device && a.inode == b.inode;
}

bool lock_is_in_place(const struct lock *lock)
{
	return is_same(lock->file, identify(lock->path)) &&
	       is_same(lock->db, identify(lock->db_path));
}
