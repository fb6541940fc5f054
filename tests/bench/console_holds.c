/*
 * The console, which writes down how long its read transactions last and
 * whether anything was painted within one. SQLite holds a lock on one of the
 * five read marks of the -shm file as long as a read transaction is open, so
 * its calls of fcntl tell.
 *
 *	CONSOLE_HOLDS=FILE console_holds [OPTION...]	as outbox-tui
 */
#include "lib/clock.h"
#include "lib/lang.h"
#include "lib/log.h"
#include "lib/util.h"
#include "tui/console.h"
#include "tui/script_option.h"

#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

enum {
	FIRST_MARK = 123, /* SQLite's WAL_READ_LOCK(0), of the shared file */
	MARKS = 5,
	SLOT_US = 100, /* what lengths are told apart by */
	SLOTS = 1000
};

static struct {
	unsigned marks; /* a bit each */
	int64_t begun_us, longest_us;
	int64_t count, painted_within;
	int64_t slots[SLOTS];
} holds;

static void note(const struct flock *lock)
{
	unsigned marks = 0;
	for (int i = 0; i < MARKS; i++) {
		off_t at = FIRST_MARK + i;
		if (at >= lock->l_start && at < lock->l_start + lock->l_len)
			marks |= 1U << i;
	}
	unsigned before = holds.marks;
	if (lock->l_type == F_UNLCK)
		holds.marks &= ~marks;
	else
		holds.marks |= marks;
	if (!before && holds.marks)
		holds.begun_us = clock_mono_us();
	if (!before || holds.marks)
		return;
	int64_t us = clock_mono_us() - holds.begun_us;
	holds.longest_us = MAX(holds.longest_us, us);
	holds.slots[MIN(us / SLOT_US, SLOTS - 1)]++;
	holds.count++;
}

/* SQLite's, and whoever else calls it. */
int fcntl64(int fd, int cmd, ...)
{
	va_list args;
	va_start(args, cmd);
	void *arg = va_arg(args, void *);
	va_end(args);
	long rc = syscall(SYS_fcntl, fd, cmd, arg);
	if (rc == 0 && cmd == F_SETLK)
		note(arg);
	return (int)rc;
}

/* NOLINTNEXTLINE(readability-inconsistent-declaration-parameter-name) */
ssize_t write(int fd, const void *data, size_t len)
{
	holds.painted_within += fd == STDOUT_FILENO && holds.marks;
	return syscall(SYS_write, fd, data, len);
}

static int run(const struct script_options *o)
{
	struct conf conf;
	struct actor actor;
	int rc = script_conf(o, &conf);
	if (rc == 0) {
		actor_init_self(&actor);
		rc = console_run(&(struct console_options){
			.db_path = o->db,
			.conf = &conf,
			.actor = &actor,
			.trace_path = o->trace_frames,
		});
		actor_finish(&actor);
	}
	conf_finish(&conf);
	return rc;
}

/* The upper end of a slot. */
static long long percentile(int percent)
{
	int64_t left = holds.count * percent / 100;
	int slot = 0;
	while (slot < SLOTS - 1 && left >= holds.slots[slot])
		left -= holds.slots[slot++];
	return (slot + 1LL) * SLOT_US;
}

static int tell(const char *path)
{
	FILE *f = path ? fopen(path, "we") : NULL;
	if (!f)
		return EXIT_FAILURE;
	fprintf(f,
		"{\"count\": %lld, \"p50_us\": %lld, \"p99_us\": %lld,"
		" \"longest_us\": %lld, \"painted_within\": %lld}\n",
		(long long)holds.count, percentile(50), percentile(99),
		(long long)holds.longest_us, (long long)holds.painted_within);
	return fclose(f) ? EXIT_FAILURE : EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
	struct script_options o;
	char *words = NULL;
	util_init();
	log_mute();
	lang_init(NULL);
	int rc = script_option_read(argc, argv, &o, &words);
	if (rc == 0)
		rc = run(&o);
	free(words);
	int told = tell(getenv("CONSOLE_HOLDS"));
	return told ? told : rc;
}
