/*
 * For LD_PRELOAD: a wall clock that is so many milliseconds off as the file
 * says that $FAKECLOCK names. Compiled by test_clock.c; linked with nothing.
 */
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static const volatile int64_t none;
static const volatile int64_t *offset_ms = &none;

__attribute__((constructor)) static void find_offset(void)
{
	const char *path = getenv("FAKECLOCK");
	int fd = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
	if (fd < 0)
		return;
	void *map =
		mmap(NULL, sizeof(*offset_ms), PROT_READ, MAP_SHARED, fd, 0);
	if (map != MAP_FAILED)
		offset_ms = map;
	close(fd);
}

/* NOLINTBEGIN(readability-inconsistent-declaration-parameter-name): the names
 * of the C library are reserved ones. */

int clock_gettime(clockid_t id, struct timespec *ts)
{
	int rc = (int)syscall(SYS_clock_gettime, id, ts);
	if (rc == 0 && id == CLOCK_REALTIME) {
		int64_t ms = *offset_ms + ts->tv_nsec / 1000000 +
			     (int64_t)ts->tv_sec * 1000;
		ts->tv_sec = ms / 1000;
		ts->tv_nsec = ms % 1000 * 1000000 + ts->tv_nsec % 1000000;
	}
	return rc;
}

int gettimeofday(struct timeval *restrict tv, void *restrict zone)
{
	struct timespec ts;
	(void)zone;
	int rc = clock_gettime(CLOCK_REALTIME, &ts);
	*tv = (struct timeval){ts.tv_sec, ts.tv_nsec / 1000};
	return rc;
}

time_t time(time_t *out)
{
	struct timespec ts;
	clock_gettime(CLOCK_REALTIME, &ts);
	if (out)
		*out = ts.tv_sec;
	return ts.tv_sec;
}
/* NOLINTEND(readability-inconsistent-declaration-parameter-name) */
