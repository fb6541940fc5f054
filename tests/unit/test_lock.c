/* One relay a database. Other code relies on: a lock is gone with its process,
 * and every name of a database leads to the same lock. */
#include "tests/support/check.h"

#include "lib/util.h"
#include "relay/lock.h"
#include "tests/support/proc.h"
#include "tests/support/tempdir.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

struct bench {
	char *dir, *db, *file;
	pid_t child;
};

static int set_up(void **state)
{
	struct bench *b = xcalloc(1, sizeof(*b));
	b->dir = tempdir_create("lock");
	b->db = tempdir_path(b->dir, "outbox.db");
	b->file = tempdir_path(b->dir, "outbox.db-relay");
	close(open(b->db, O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
	*state = b;
	return 0;
}

static void end_child(struct bench *b)
{
	if (b->child <= 0)
		return;
	kill(b->child, SIGKILL);
	waitpid(b->child, NULL, 0);
	b->child = 0;
}

static int tear_down(void **state)
{
	struct bench *b = *state;
	end_child(b);
	tempdir_destroy(b->dir);
	free(b->db);
	free(b->file);
	free(b);
	return 0;
}

#define BENCH_TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

/* Another process that takes the lock, says so, and waits to be killed. */
static void hold_elsewhere(struct bench *b, const char *db)
{
	int ready[2];
	char byte = 0;
	assert_int_equal(pipe(ready), 0);
	fflush(NULL);
	b->child = fork();
	if (b->child == 0) {
		struct lock lock;
		char *holder = NULL;
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		byte = lock_take(&lock, db, &holder) == LOCK_TAKEN ? 'y' : 'n';
		if (write(ready[1], &byte, 1) == 1)
			pause();
		_exit(1);
	}
	close(ready[1]);
	assert_int_equal(read(ready[0], &byte, 1), 1);
	close(ready[0]);
	assert_int_equal(byte, 'y');
}

static void assert_taken(const char *db)
{
	struct lock lock;
	char *holder = NULL;
	assert_int_equal(lock_take(&lock, db, &holder), LOCK_TAKEN);
	assert_null(holder);
	lock_release(&lock);
}

/* Returns who has it. The caller frees. */
static char *assert_held(const char *db)
{
	struct lock lock;
	char *holder = NULL;
	assert_int_equal(lock_take(&lock, db, &holder), LOCK_HELD);
	assert_non_null(holder);
	assert_int_equal(lock.fd, -1);
	assert_null(lock.path);
	lock_release(&lock);
	return holder;
}

static void test_taken_and_released(void **state)
{
	struct bench *b = *state;
	struct lock lock;
	char *holder = NULL;
	assert_int_equal(lock_take(&lock, b->db, &holder), LOCK_TAKEN);
	assert_string_equal(lock.path, b->file);
	free(assert_held(b->db));
	lock_release(&lock);
	lock_release(&lock); /* again does no harm */
	assert_taken(b->db);
}

/* No program that we start keeps it, and only the group may write into it. */
static void test_descriptor(void **state)
{
	struct bench *b = *state;
	struct lock lock;
	struct stat st;
	char *holder = NULL;
	mode_t before = umask(0);
	assert_int_equal(lock_take(&lock, b->db, &holder), LOCK_TAKEN);
	umask(before);
	assert_true(fcntl(lock.fd, F_GETFD) & FD_CLOEXEC);
	assert_int_equal(fstat(lock.fd, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0660);
	lock_release(&lock);
}

static void test_held_by_another(void **state)
{
	struct bench *b = *state;
	hold_elsewhere(b, b->db);
	scoped_free char *holder = assert_held(b->db);
	scoped_free char *expected = xasprintf("pid %d on ", (int)b->child);
	assert_memory_equal(holder, expected, strlen(expected));
	assert_non_null(strstr(holder, " since 20"));
	assert_null(strchr(holder, '\n'));
}

static void test_released_by_death(void **state)
{
	struct bench *b = *state;
	hold_elsewhere(b, b->db);
	end_child(b);
	assert_taken(b->db);
}

static void test_other_names(void **state)
{
	struct bench *b = *state;
	scoped_free char *other = tempdir_path(b->dir, "other");
	scoped_free char *link = tempdir_path(b->dir, "other/crm.db");
	scoped_free char *dotted = tempdir_path(b->dir, "other/../outbox.db");
	assert_int_equal(mkdir(other, 0700), 0);
	assert_int_equal(symlink(b->db, link), 0);
	hold_elsewhere(b, link);
	free(assert_held(b->db));
	free(assert_held(link));
	free(assert_held(dotted));
	scoped_free char *beside_link = xasprintf("%s-relay", link);
	assert_int_equal(access(b->file, F_OK), 0);
	assert_int_not_equal(access(beside_link, F_OK), 0);
}

static void test_two_databases(void **state)
{
	struct bench *b = *state;
	scoped_free char *second = tempdir_path(b->dir, "second.db");
	hold_elsewhere(b, b->db);
	assert_taken(second);
}

static void write_file(const char *path, const char *text, size_t len)
{
	FILE *out = fopen(path, "we");
	assert_non_null(out);
	assert_int_equal(fwrite(text, 1, len, out), len);
	fclose(out);
}

/* What stands in the file goes to a terminal. */
static void test_hostile_holder(void **state)
{
	struct bench *b = *state;
	static const char hostile[] = "pid \033[2J1\a\xff\nsecond line";
	hold_elsewhere(b, b->db);
	write_file(b->file, hostile, sizeof(hostile) - 1);
	scoped_free char *holder = assert_held(b->db);
	assert_memory_equal(holder, "pid ", 4);
	for (const char *p = holder; *p; p++)
		assert_false((unsigned char)*p < ' ' || *p == 0x7f);
	assert_null(strstr(holder, "second"));

	char big[4096];
	memset(big, 'x', sizeof(big));
	write_file(b->file, big, sizeof(big));
	scoped_free char *cut = assert_held(b->db);
	assert_int_equal(strlen(cut), 127);

	write_file(b->file, "", 0);
	scoped_free char *nobody = assert_held(b->db);
	assert_string_equal(nobody, "an unknown process");
}

/* The words of the one before do not show through. */
static void test_written_anew(void **state)
{
	struct bench *b = *state;
	char big[4096];
	memset(big, 'x', sizeof(big));
	write_file(b->file, big, sizeof(big));
	assert_taken(b->db);
	scoped_free char *text = proc_read_file(b->file);
	assert_memory_equal(text, "pid ", 4);
	assert_null(strchr(text, 'x'));
	assert_string_equal(strchr(text, '\n'), "\n");
}

static void assert_refused(const char *db)
{
	struct lock lock;
	char *holder = NULL;
	assert_true(lock_take(&lock, db, &holder) < 0);
	assert_null(holder);
	assert_int_equal(lock.fd, -1);
}

static void test_refused(void **state)
{
	struct bench *b = *state;
	scoped_free char *nowhere = tempdir_path(b->dir, "none/outbox.db");
	scoped_free char *target = tempdir_path(b->dir, "target");
	assert_refused(nowhere);
	/* A lock file that is a link would let us write into any file. */
	assert_int_equal(symlink(target, b->file), 0);
	assert_refused(b->db);
	assert_int_not_equal(access(target, F_OK), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		BENCH_TEST(test_taken_and_released),
		BENCH_TEST(test_descriptor),
		BENCH_TEST(test_held_by_another),
		BENCH_TEST(test_released_by_death),
		BENCH_TEST(test_other_names),
		BENCH_TEST(test_two_databases),
		BENCH_TEST(test_hostile_holder),
		BENCH_TEST(test_written_anew),
		BENCH_TEST(test_refused),
	};
	return cmocka_run_group_tests_name("lock", tests, NULL, NULL);
}
