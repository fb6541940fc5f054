/* With it the C library has these functions inline. */
#undef _FORTIFY_SOURCE

#include "tests/crash/fatal.h"

#include "lib/util.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* What a write that is not synced yet has replaced. */
struct unsynced {
	int fd;
	dev_t device;
	ino_t inode;
	off_t at;
	size_t len;
	char *old; /* own; zeros where there was nothing */
	struct unsynced *older;
};

enum how { HOW_KILL, HOW_TORN, HOW_POWER };

static struct {
	bool is_armed;
	long at; /* 0: never */
	enum how how;
	const char *while_file; /* NULL: calls do not fail */
	int error;
	bool is_sync_hit;
	long calls;
	struct unsynced *newest; /* own */
} fatal;

static ssize_t true_pwrite(int fd, const void *data, size_t len, off_t at)
{
	return syscall(SYS_pwrite64, fd, data, len, at);
}

static _Noreturn void die(void)
{
	kill(getpid(), SIGKILL);
	for (;;)
		pause();
}

/* Of the writes since the last sync some reached the disk, and some not. */
static _Noreturn void lose_power(void)
{
	srand48(fatal.at);
	for (struct unsynced *u = fatal.newest; u; u = u->older) {
		if (drand48() < 0.5)
			true_pwrite(u->fd, u->old, u->len, u->at);
	}
	die();
}

/* Whether this call is the fatal one, after which nothing comes but the end. */
static bool is_last(void)
{
	return fatal.is_armed && ++fatal.calls == fatal.at;
}

static _Noreturn void end(void)
{
	if (fatal.how == HOW_POWER)
		lose_power();
	die();
}

static bool fails(bool is_sync)
{
	if (!fatal.is_armed || !fatal.while_file ||
	    is_sync != fatal.is_sync_hit || access(fatal.while_file, F_OK) != 0)
		return false;
	errno = fatal.error;
	return true;
}

static void remember(int fd, size_t len, off_t at)
{
	struct stat st;
	if (!fatal.is_armed || fatal.how != HOW_POWER || fstat(fd, &st) != 0)
		return;
	struct unsynced *u = xcalloc(1, sizeof(*u));
	*u = (struct unsynced){
		.fd = fd,
		.device = st.st_dev,
		.inode = st.st_ino,
		.at = at,
		.len = len,
		.old = xcalloc(len, 1),
		.older = fatal.newest,
	};
	/* What is not there to be read stays zeros. */
	ssize_t ignored = syscall(SYS_pread64, fd, u->old, len, at);
	(void)ignored;
	fatal.newest = u;
}

static void forget(int fd)
{
	struct stat st;
	if (!fatal.is_armed || fstat(fd, &st) != 0)
		return;
	for (struct unsynced **at = &fatal.newest; *at;) {
		struct unsynced *u = *at;
		if (u->device != st.st_dev || u->inode != st.st_ino) {
			at = &u->older;
			continue;
		}
		*at = u->older;
		free(u->old);
		free(u);
	}
}

ssize_t pwrite64(int fd, const void *buf, size_t n, off_t offset)
{
	if (fails(false))
		return -1;
	if (is_last()) {
		if (fatal.how == HOW_TORN)
			true_pwrite(fd, buf, n / 2, offset);
		end();
	}
	remember(fd, n, offset);
	return true_pwrite(fd, buf, n, offset);
}

int fdatasync(int fildes)
{
	if (fails(true))
		return -1;
	if (is_last())
		end();
	int rc = (int)syscall(SYS_fdatasync, fildes);
	if (rc == 0)
		forget(fildes);
	return rc;
}

int ftruncate64(int fd, off_t length)
{
	if (is_last())
		end();
	return (int)syscall(SYS_ftruncate, fd, length);
}

ssize_t send(int fd, const void *buf, size_t n, int flags)
{
	if (is_last()) {
		if (fatal.how == HOW_TORN)
			sendto(fd, buf, n / 2, flags, NULL, 0);
		end();
	}
	return sendto(fd, buf, n, flags, NULL, 0);
}

ssize_t recv(int fd, void *buf, size_t n, int flags)
{
	if (is_last())
		end();
	return recvfrom(fd, buf, n, flags, NULL, NULL);
}

static void print_calls(void)
{
	fprintf(stderr, "fatal: calls=%ld\n", fatal.calls);
}

static const char *get(const char *name)
{
	const char *value = getenv(name);
	return value ? value : "";
}

void fatal_arm(void)
{
	const char *how = get("FATAL_HOW");
	fatal.at = strtol(get("FATAL_AT"), NULL, 10);
	fatal.how = strcmp(how, "power") == 0  ? HOW_POWER
		    : strcmp(how, "torn") == 0 ? HOW_TORN
					       : HOW_KILL;
	fatal.while_file = getenv("FATAL_WHILE");
	fatal.error = (int)strtol(get("FATAL_ERROR"), NULL, 10);
	fatal.is_sync_hit = strcmp(get("FATAL_CALL"), "sync") == 0;
	fatal.is_armed = true;
	atexit(print_calls);
}
