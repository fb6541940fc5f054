/* Three users of one group. Other code relies on: after share_with_group every
 * member can write, and share_look finds each way in which that can break. */
#include "tests/support/check.h"

#include "lib/buf.h"
#include "lib/util.h"
#include "relay/share.h"
#include "tests/support/fixture.h"
#include "tests/support/outbox.h"
#include "tests/support/tempdir.h"

#include <fcntl.h>
#include <grp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct bench {
	struct fixture *fix; /* own */
	char *wal, *shm, *lock;
	char *group; /* own; one that we may give files to */
	gid_t gid, other;
};

/* Root may give files to any group; another user only to groups of his. */
static bool find_groups(struct bench *b)
{
	gid_t list[64];
	int count = getgroups(ARRAY_LEN(list), list);
	b->gid = geteuid() == 0 ? 65534 : count > 0 ? list[0] : getegid();
	b->other = geteuid() == 0 ? 100 : count > 1 ? list[1] : getegid();
	struct group *g = getgrgid(b->gid);
	free(b->group);
	b->group = xstrdup_or_null(g ? g->gr_name : NULL);
	return g && b->gid != b->other;
}

static int set_up(void **state)
{
	struct bench *b = xcalloc(1, sizeof(*b));
	void *fix = NULL;
	fixture_set_up(&fix);
	b->fix = fix;
	b->wal = xasprintf("%s-wal", b->fix->path);
	b->shm = xasprintf("%s-shm", b->fix->path);
	b->lock = xasprintf("%s-relay", b->fix->path);
	outbox_insert(b->fix->db, "t", "{}"); /* makes the WAL */
	close(open(b->lock, O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
	assert_int_equal(chmod(b->fix->path, 0600), 0);
	assert_int_equal(chmod(b->wal, 0600), 0);
	assert_int_equal(chmod(b->shm, 0600), 0);
	*state = b;
	return 0;
}

static int tear_down(void **state)
{
	struct bench *b = *state;
	void *fix = b->fix;
	fixture_tear_down(&fix);
	free(b->wal);
	free(b->shm);
	free(b->lock);
	free(b->group);
	free(b);
	return 0;
}

#define BENCH_TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

static void assert_mode(const char *path, mode_t mode, gid_t gid)
{
	struct stat st;
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, mode);
	assert_int_equal(st.st_gid, gid);
}

static void share(struct bench *b, const char *path)
{
	scoped_buf why = {0};
	if (!find_groups(b))
		skip(); /* a user of one group only */
	if (share_with_group(path, b->group, &why))
		fail_msg("%s", buf_str(&why));
}

static void assert_look(const char *path, enum share_state state,
			const char *part)
{
	scoped_buf what = {0};
	assert_int_equal(share_look(path, &what), state);
	if (!strstr(buf_str(&what), part))
		fail_msg("%s", buf_str(&what));
	assert_null(strchr(buf_str(&what), '\n'));
}

static void test_shared(void **state)
{
	struct bench *b = *state;
	assert_look(b->fix->path, SHARE_PRIVATE, "only its owner");
	share(b, b->fix->path);
	assert_mode(b->fix->dir, 02770, b->gid);
	assert_mode(b->fix->path, 0660, b->gid);
	assert_mode(b->wal, 0660, b->gid);
	assert_mode(b->shm, 0660, b->gid);
	assert_mode(b->lock, 0660, b->gid);
	assert_look(b->fix->path, SHARE_GROUP, b->group);
}

/* What SQLite makes later is the group's, too: the directory hands it on, and
 * the mode is the database's. */
static void test_new_files(void **state)
{
	struct bench *b = *state;
	share(b, b->fix->path);
	outbox_close(b->fix->db);
	b->fix->db = NULL;
	assert_int_not_equal(access(b->wal, F_OK), 0);
	mode_t before = umask(0007);
	b->fix->db = outbox_open(b->fix->path);
	outbox_insert(b->fix->db, "t", "{}");
	umask(before);
	assert_mode(b->wal, 0660, b->gid);
	assert_mode(b->shm, 0660, b->gid);
	assert_look(b->fix->path, SHARE_GROUP, b->group);
}

/* SQLite makes the WAL beside the file, not beside a link to it. */
static void test_link(void **state)
{
	struct bench *b = *state;
	scoped_free char *etc = tempdir_path(b->fix->dir, "etc");
	scoped_free char *link = tempdir_path(b->fix->dir, "etc/crm.db");
	struct stat before;
	assert_int_equal(mkdir(etc, 0755), 0);
	assert_int_equal(symlink(b->fix->path, link), 0);
	assert_int_equal(stat(etc, &before), 0);
	share(b, link);
	assert_mode(b->fix->dir, 02770, b->gid);
	assert_mode(b->wal, 0660, b->gid);
	assert_mode(etc, 0755, before.st_gid);
	assert_look(link, SHARE_GROUP, b->group);
	assert_int_equal(chmod(b->wal, 0600), 0);
	assert_look(link, SHARE_BROKEN, b->wal);
}

struct break_case {
	const char *suffix;
	mode_t mode;
	const char *what;
};

static void test_broken_modes(void **state)
{
	struct bench *b = *state;
	static const struct break_case cases[] = {
		{"-wal", 0600, "not writable for its group"},
		{"-wal", 0640, "not writable for its group"},
		{"-shm", 0644, "not writable for its group"},
		{"-relay", 0600, "not writable for its group"},
		{"", 0620, "not writable for its group"},
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const struct break_case *c = &cases[i];
		scoped_free char *path =
			xasprintf("%s%s", b->fix->path, c->suffix);
		scoped_free char *said = xasprintf("%s is %s", path, c->what);
		share(b, b->fix->path);
		assert_int_equal(chmod(path, c->mode), 0);
		assert_look(b->fix->path, SHARE_BROKEN, said);
	}
}

static void test_broken_directory(void **state)
{
	struct bench *b = *state;
	share(b, b->fix->path);
	assert_int_equal(chmod(b->fix->dir, 02750), 0);
	assert_look(b->fix->path, SHARE_BROKEN, "not writable for its group");
	assert_int_equal(chmod(b->fix->dir, 0770), 0);
	assert_look(b->fix->path, SHARE_BROKEN, "chmod g+s");
}

static void test_broken_group(void **state)
{
	struct bench *b = *state;
	scoped_free char *said =
		xasprintf("%s belongs to another group", b->wal);
	share(b, b->fix->path);
	assert_int_equal(chown(b->wal, (uid_t)-1, b->other), 0);
	assert_look(b->fix->path, SHARE_BROKEN, said);
	share(b, b->fix->path);
	assert_look(b->fix->path, SHARE_GROUP, b->group);
}

static void test_no_such_group(void **state)
{
	struct bench *b = *state;
	scoped_buf why = {0};
	struct stat before;
	assert_int_equal(stat(b->fix->dir, &before), 0);
	assert_true(share_with_group(b->fix->path, "no-such-group-9", &why) <
		    0);
	assert_non_null(strstr(buf_str(&why), "groupadd no-such-group-9"));
	assert_mode(b->fix->dir, before.st_mode & 07777, before.st_gid);
	assert_mode(b->fix->path, 0600, before.st_gid);
}

/* /tmp and its like are never given to a group. */
static void test_everybodys_directory(void **state)
{
	struct bench *b = *state;
	scoped_buf why = {0};
	if (!find_groups(b))
		skip();
	assert_int_equal(chmod(b->fix->dir, 01777), 0);
	assert_true(share_with_group(b->fix->path, b->group, &why) < 0);
	assert_non_null(strstr(buf_str(&why), "directory of its own"));
	struct stat st;
	assert_int_equal(stat(b->fix->dir, &st), 0);
	assert_int_equal(st.st_mode & 07777, 01777);
}

static void test_missing(void **state)
{
	struct bench *b = *state;
	scoped_buf why = {0};
	scoped_free char *path = tempdir_path(b->fix->dir, "none/outbox.db");
	assert_look(path, SHARE_PRIVATE, "only its owner");
	if (!find_groups(b))
		skip();
	assert_true(share_with_group(path, b->group, &why) < 0);
	assert_non_null(strstr(buf_str(&why), "none: No such file"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		BENCH_TEST(test_shared),
		BENCH_TEST(test_new_files),
		BENCH_TEST(test_link),
		BENCH_TEST(test_broken_modes),
		BENCH_TEST(test_broken_directory),
		BENCH_TEST(test_broken_group),
		BENCH_TEST(test_no_such_group),
		BENCH_TEST(test_everybodys_directory),
		BENCH_TEST(test_missing),
	};
	return cmocka_run_group_tests_name("share", tests, NULL, NULL);
}
