/*
 * The console at a terminal that a test is: one that is not read, one that is
 * closed.
 */
#include "tests/support/check.h"
#include "tests/support/fixture.h"
#include "tests/support/outbox.h"
#include "tests/support/paths.h"
#include "tests/support/proc.h"

#include "lib/clock.h"
#include "lib/util.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { DEADLINE_MS = 30000, ROWS = 50, COLS = 200 };

struct terminal {
	pid_t pid;
	int fd;
	char *trace; /* own */
};

static void be_console(const struct fixture *f, const char *trace,
		       bool ignores_hangup)
{
	scoped_free char *program = paths_build("outbox-tui");
	setenv("LC_ALL", "C.UTF-8", 1);
	setenv("TERM", "xterm-256color", 1);
	setenv("HOME", f->dir, 1);
	unsetenv("XDG_CONFIG_HOME");
	if (ignores_hangup)
		signal(SIGHUP, SIG_IGN);
	execl(program, program, "--db", f->path, "--ascii", "--trace-frames",
	      trace, (char *)NULL);
	_exit(127);
}

static struct terminal start(const struct fixture *f, bool ignores_hangup)
{
	struct terminal t = {.trace = xasprintf("%s/trace", f->dir)};
	struct winsize size = {.ws_row = ROWS, .ws_col = COLS};
	unlink(t.trace);
	t.pid = forkpty(&t.fd, NULL, NULL, &size);
	assert_true(t.pid >= 0);
	if (t.pid == 0)
		be_console(f, t.trace, ignores_hangup);
	return t;
}

/* Reads what comes until nothing has come for so long. */
static size_t drain(struct terminal *t, int quiet_ms)
{
	char block[4096];
	size_t sum = 0;
	struct pollfd fd = {.fd = t->fd, .events = POLLIN};
	while (poll(&fd, 1, quiet_ms) > 0) {
		ssize_t n = read(t->fd, block, sizeof(block));
		if (n <= 0)
			break;
		sum += (size_t)n;
	}
	return sum;
}

static void press(struct terminal *t, const char *keys)
{
	assert_int_equal(write(t->fd, keys, strlen(keys)), strlen(keys));
}

static size_t frames(const struct terminal *t)
{
	scoped_free char *text = proc_read_file(t->trace);
	size_t count = 0;
	for (const char *c = text; (c = strchr(c, '\n')) != NULL; c++)
		count++;
	return count;
}

/* Until it has told of that many, while it is read. */
static void wait_frames(struct terminal *t, size_t count)
{
	int64_t until_ms = clock_mono_ms() + DEADLINE_MS;
	while (frames(t) < count) {
		assert_true(clock_mono_ms() < until_ms);
		drain(t, 10);
	}
}

/* Its exit code, while it is read; -1: of a terminal that is closed. */
static int end(struct terminal *t)
{
	int64_t until_ms = clock_mono_ms() + DEADLINE_MS;
	int status;
	while (waitpid(t->pid, &status, WNOHANG) == 0) {
		assert_true(clock_mono_ms() < until_ms);
		if (t->fd >= 0)
			drain(t, 10);
		else
			usleep(10000);
	}
	if (t->fd >= 0)
		close(t->fd);
	free(t->trace);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/* "VmRSS" in KiB, or another line of /proc/PID/status. */
static long status_of(const struct terminal *t, const char *name)
{
	scoped_free char *path = xasprintf("/proc/%d/status", t->pid);
	scoped_free char *text = proc_read_file(path);
	const char *line = strstr(text, name);
	assert_non_null(line);
	return strtol(line + strlen(name) + 1, NULL, 10);
}

/* Of utime and stime of /proc/PID/stat. */
static long ticks_of(const struct terminal *t)
{
	scoped_free char *path = xasprintf("/proc/%d/stat", t->pid);
	scoped_free char *text = proc_read_file(path);
	long user = 0, kernel = 0;
	const char *after = strrchr(text, ')');
	assert_non_null(after);
	/* NOLINTNEXTLINE(cert-err34-c) */
	assert_int_equal(sscanf(after + 1,
				" %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u"
				" %ld %ld",
				&user, &kernel),
			 2);
	return user + kernel;
}

/* It is written to until it blocks: it does not grow, it does not spin, and it
 * goes on where it is read again. */
static void test_slow_reader(void **state)
{
	const struct fixture *f = *state;
	struct terminal t = start(f, false);
	wait_frames(&t, 1);
	drain(&t, 50);
	long before = status_of(&t, "VmRSS:");
	for (int i = 0; i < 120; i++)
		press(&t, i % 2 ? "\x0c"
				  "1"
				: "\x0c"
				  "6");
	struct timespec second = {.tv_sec = 1};
	clock_nanosleep(CLOCK_MONOTONIC, 0, &second, NULL);
	long ticks = ticks_of(&t);
	clock_nanosleep(CLOCK_MONOTONIC, 0, &second, NULL);
	assert_true(ticks_of(&t) - ticks < sysconf(_SC_CLK_TCK) / 4);
	assert_true(status_of(&t, "VmRSS:") - before < 20000);
	size_t count = frames(&t);
	assert_true(drain(&t, 500) > 0);
	press(&t, "4");
	wait_frames(&t, count + 1);
	press(&t, "Q");
	assert_int_equal(end(&t), 0);
}

static void test_closed(void **state)
{
	const struct fixture *f = *state;
	for (int ignores_hangup = 0; ignores_hangup < 2; ignores_hangup++) {
		struct terminal t = start(f, ignores_hangup);
		wait_frames(&t, 1);
		close(t.fd);
		t.fd = -1;
		assert_int_equal(end(&t), 128 + SIGHUP);
	}
}

/* Told to leave while nobody reads what it draws. */
static void test_end_of_a_slow_one(void **state)
{
	const struct fixture *f = *state;
	struct terminal t = start(f, false);
	wait_frames(&t, 1);
	for (int i = 0; i < 120; i++)
		press(&t, "\x0c");
	struct timespec moment = {.tv_nsec = 300000000};
	clock_nanosleep(CLOCK_MONOTONIC, 0, &moment, NULL);
	assert_int_equal(kill(t.pid, SIGTERM), 0);
	assert_int_equal(end(&t), 128 + SIGTERM);
}

/* More keys than a frame takes, at once. */
static void test_pasted(void **state)
{
	const struct fixture *f = *state;
	struct terminal t = start(f, false);
	wait_frames(&t, 1);
	press(&t, "4/");
	char text[1024];
	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	for (int i = 0; i < 64; i++) {
		press(&t, text);
		drain(&t, 5);
	}
	press(&t, "\x03\x03");
	assert_int_equal(end(&t), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FIXTURE_TEST(test_slow_reader),
		FIXTURE_TEST(test_closed),
		FIXTURE_TEST(test_end_of_a_slow_one),
		FIXTURE_TEST(test_pasted),
	};
	util_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
