/*
 * How new rows wake the relay where something is in the way: no inotify at all,
 * and a database that is reached through a symbolic link.
 */
#include "tests/support/twin.h"

#include "lib/util.h"
#include "tests/support/tempdir.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/inotify.h>
#include <sys/syscall.h>
#include <unistd.h>

static bool is_twin;

/* In place of libc's: in the twin there is no inotify. */
int inotify_init1(int flags)
{
	if (is_twin) {
		errno = EMFILE;
		return -1;
	}
	return (int)syscall(SYS_inotify_init1, flags);
}

static const char delivered[] =
	"SELECT count(*) FROM outbox WHERE status = 'delivered'";

static void test_without_inotify(void **state)
{
	struct scene *s = *state;
	static const char *const env[] = {"RELAY_POLL=20ms",
					  "RELAY_HEARTBEAT=1h", NULL};
	twin_start_ready(s, env);
	free(proc_wait_line(&s->relay, PROC_ERR, "no inotify",
			    SCENE_DEADLINE_MS));
	for (int i = 1; i <= 5; i++) {
		scoped_free char *count = xasprintf("%d", i);
		scene_insert(s, USER_BOUND);
		scene_wait(s, delivered, count);
	}
	assert_int_equal(relayproc_stop(&s->relay, SCENE_DEADLINE_MS), 0);
}

/* Neither the poll nor the heartbeat comes while this test lasts. */
static void test_symbolic_link(void **state)
{
	struct scene *s = *state;
	static const char *const env[] = {"RELAY_POLL=10m",
					  "RELAY_HEARTBEAT=1h", NULL};
	scoped_free char *link = tempdir_path(s->fix->dir, "link.db");
	assert_int_equal(symlink("outbox.db", link), 0);
	relayproc_start(&s->relay, &(struct relay_setup){
					   .dir = s->fix->dir,
					   .db = link,
					   .base = s->sim.base,
					   .env = env,
				   });
	relayproc_wait_ready(&s->relay, s->fix->db, SCENE_DEADLINE_MS);
	for (int i = 1; i <= 5; i++) {
		scoped_free char *count = xasprintf("%d", i);
		scene_insert(s, USER_BOUND);
		scene_wait(s, delivered, count);
	}
	assert_int_equal(relayproc_stop(&s->relay, SCENE_DEADLINE_MS), 0);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		SCENE_TEST(test_without_inotify),
		SCENE_TEST(test_symbolic_link),
	};
	is_twin = twin_is_wanted(argc, argv);
	if (is_twin)
		return twin_run(argc, argv);
	return cmocka_run_group_tests_name("watch", tests, NULL, NULL);
}
