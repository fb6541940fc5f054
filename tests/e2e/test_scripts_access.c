/*
 * The console's verbs for whoever may not do everything: what is refused says
 * why and what to do, and nothing is shown in full that the audit does not
 * know of.
 */
#include "tests/support/script.h"

#include "lib/util.h"
#include "tests/support/proc.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { NOBODY = 65534 };

/* An outbox of one row in a folder of its own. */
static char *make_elsewhere(struct scene *s)
{
	scoped_free char *dir = xasprintf("%s/elsewhere", s->fix->dir);
	assert_int_equal(mkdir(dir, 0755), 0);
	char *path = outbox_make(dir, "o.db");
	sqlite3 *db = outbox_open(path);
	outbox_insert(db, "t", "{\"assignedToId\":\"" USER_BOUND "\"}");
	outbox_close(db);
	return path;
}

static void set_modes(struct scene *s, mode_t file, mode_t dir)
{
	scoped_free char *folder = xasprintf("%s/elsewhere", s->fix->dir);
	scoped_free char *path = xasprintf("%s/o.db", folder);
	assert_int_equal(chmod(s->fix->dir, 0777), 0); /* for its output */
	assert_int_equal(chmod(path, file), 0);
	assert_int_equal(chmod(folder, dir), 0);
}

/* The real user, too: a sanitizer says nothing sensible of a program that has
 * another one than its effective user. */
static void become(uid_t uid)
{
	if (getuid() != uid)
		assert_int_equal(setresuid(uid, uid, 0), 0);
}

/* Runs it as somebody to whom modes mean something. */
static struct script run_as_nobody(struct scene *s, const char *args)
{
	uid_t before = getuid();
	scoped_free char *line =
		xasprintf("%s --db %s/elsewhere/o.db", args, s->fix->dir);
	become(before == 0 ? NOBODY : before);
	struct script run = script_run(s, line);
	become(before);
	return run;
}

static void expect(struct scene *s, const char *args, int rc, const char *says)
{
	struct script run = run_as_nobody(s, args);
	if (run.rc != rc || !strstr(run.err, says))
		fail_msg("%s: %d: %s%s", args, run.rc, run.out, run.err);
	if (rc)
		assert_string_equal(run.out, "");
	assert_null(strstr(run.out, USER_BOUND));
	script_finish(&run);
}

/* Somebody else has it open, as a relay does. */
static void test_may_only_read(void **state)
{
	struct scene *s = *state;
	scoped_free char *path = make_elsewhere(s);
	sqlite3 *db = outbox_open(path);
	outbox_exec(db, "UPDATE outbox SET priority = 5");
	set_modes(s, 0644, 0755);
	expect(s, "list", 0, "");
	expect(s, "list --json", 0, "");
	expect(s, "list --unmask", 1, "leave --unmask out");
	expect(s, "list --unmask --json", 1, "you may not write");
	expect(s, "show 1 --unmask", 1, "leave --unmask out");
	expect(s, "retry --id 1 --yes", 1, "you may not write");
	assert_int_equal(outbox_int(db, "SELECT count(*) FROM outbox_audit"),
			 0);
	outbox_close(db);
}

/* SQLite has to make files beside it. */
static void test_closed_folder(void **state)
{
	static const char *const verbs[] = {"list", "status --json", "show 1",
					    "retry --id 1 --yes",
					    "pause --reason x"};
	struct scene *s = *state;
	free(make_elsewhere(s));
	set_modes(s, 0666, 0555);
	for (size_t i = 0; i < ARRAY_LEN(verbs); i++)
		expect(s, verbs[i], 1, "you may not write the folder");
	set_modes(s, 0666, 0777);
	expect(s, "list", 0, "");
}

static void test_unreadable(void **state)
{
	struct scene *s = *state;
	free(make_elsewhere(s));
	set_modes(s, 0600, 0777);
	expect(s, "list", 1, "you may not read");
	set_modes(s, 0666, 0700);
	expect(s, "list", 1, "/elsewhere");
}

/* A file of the write-ahead log that belongs to somebody else. */
static void test_log_of_another(void **state)
{
	struct scene *s = *state;
	scoped_free char *path = make_elsewhere(s);
	scoped_free char *wal = xasprintf("%s-wal", path);
	scoped_free char *shm = xasprintf("%s-shm", path);
	sqlite3 *db = outbox_open(path);
	outbox_exec(db, "UPDATE outbox SET priority = 5");
	set_modes(s, 0666, 0777);
	assert_int_equal(chmod(wal, 0644), 0);
	assert_int_equal(chmod(shm, 0644), 0);
	expect(s, "list", 0, "");
	expect(s, "retry --id 1 --yes", 1, "o.db-wal");
	expect(s, "list --unmask", 1, "leave --unmask out");
	outbox_close(db);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SCENE_TEST(test_may_only_read),
		SCENE_TEST(test_closed_folder),
		SCENE_TEST(test_unreadable),
		SCENE_TEST(test_log_of_another),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
