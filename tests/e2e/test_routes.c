/*
 * A type moves from one channel to another by a setting, with the rows that
 * wait, while rows are delivered and the CRM writes.
 */
#include "tests/support/scene.h"

#include "lib/clock.h"
#include "lib/util.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>

enum { ROWS = 1000, OWN = 20, INSERT_MS = 500 };

static const char *const env[] = {
	"WECHAT_TEMPLATE_ASSIGN_ID=TplAssign",
	"WECHAT_TEMPLATE_ASSIGN_TYPE=sendCustomerAssignNotify",
	"WECHAT_TEMPLATE_ASSIGN_FIELDS=thing1=customerName time4=assignTime",
	"RELAY_RATE=120",
	"WEBHOOK_X_RATE=1",
	"WEBHOOK_X_SECRET=a-plain-secret",
	NULL};

static char *routes_to(struct scene *s, const char *channel)
{
	return xasprintf("WEBHOOK_X_URL=%s/hook/x\n"
			 "OUTBOX_ROUTES=sendCustomerAssignNotify=%s\n",
			 s->sim.base, channel);
}

static int64_t count(struct scene *s, const char *where)
{
	return outbox_int(s->fix->db, "SELECT count(*) FROM outbox WHERE %s",
			  where);
}

/* The CRM goes on inserting, and never waits long for its lock. */
static void insert_beside(struct scene *s, int rows)
{
	for (int i = 0; i < rows; i++) {
		scoped_free char *user = xasprintf("load-b%d", i);
		int64_t begun_ms = clock_mono_ms();
		scene_insert(s, user);
		assert_in_range(clock_mono_ms() - begun_ms, 0, INSERT_MS);
		poll(NULL, 0, 1);
	}
}

static void move(struct scene *s, const char *from, const char *to)
{
	scoped_free char *text = routes_to(s, to);
	scoped_free char *left = xasprintf(
		"SELECT count(*) FROM outbox"
		" WHERE type = 'sendCustomerAssignNotify' AND channel = '%s'"
		"   AND status IN ('pending', 'sending')",
		from);
	scoped_free char *sql = xasprintf("channel = '%s' AND"
					  " status = 'delivered'",
					  to);
	int64_t before = count(s, sql);
	scene_reload(s, text);
	insert_beside(s, 20);
	scene_wait(s, left, "0");
	scene_wait(s,
		   "SELECT count(*) FROM outbox_meta WHERE key GLOB 'move:*'",
		   "0");
	while (count(s, sql) < before + 20)
		poll(NULL, 0, 5);
	assert_true(count(s, "status = 'pending'") > OWN);
}

static void test_both_ways(void **state)
{
	struct scene *s = *state;
	scoped_free char *start = routes_to(s, "wechat-cloud");
	scene_write_env(s, start);
	scene_start_relay(s, env);
	scene_insert_many(s, ROWS);
	/* what the CRM sends to another channel itself stays there */
	for (int i = 0; i < OWN; i++)
		outbox_exec(s->fix->db,
			    "INSERT INTO outbox (type, payload, channel)"
			    " VALUES ('sendCustomerAssignNotify', '{}', 'x')");
	scene_wait_calls(s, "invoke", 50);
	move(s, "wechat-cloud", "wechat-subscribe");
	move(s, "wechat-subscribe", "wechat-cloud");
	move(s, "wechat-cloud", "wechat-subscribe");
	scene_wait(s,
		   "SELECT count(*) FROM outbox"
		   " WHERE status IN ('pending', 'sending')"
		   "   AND channel <> 'x'",
		   "0");
	assert_int_equal(count(s, "channel = 'x'"), OWN);
	assert_int_equal(count(s, "channel <> 'x' AND status = 'delivered'"
				  " AND attempts = 1"),
			 ROWS + 60);
	assert_int_equal(simulator_stat(&s->sim, "sent.total"), ROWS + 60);
	assert_int_equal(scene_calls(s, "invoke") + scene_calls(s, "send"),
			 ROWS + 60);
	assert_true(scene_calls(s, "send") > 100);
}

/* A relay that runs once moves what waits before it leaves; and one that was
 * killed leaves no row behind. */
static void test_once_and_after_a_crash(void **state)
{
	struct scene *s = *state;
	scoped_free char *cloud = routes_to(s, "wechat-cloud");
	scoped_free char *direct = routes_to(s, "wechat-subscribe");
	scene_write_env(s, cloud);
	scene_start_relay(s, env);
	outbox_exec(s->fix->db,
		    "UPDATE outbox_channel SET state = 'paused',"
		    " state_by = 'test' WHERE name LIKE 'wechat%%'");
	scene_insert_many(s, ROWS);
	scene_reload(s, direct);
	scene_wait(s, "SELECT max(settings_generation) FROM outbox_relay", "2");
	scene_crash_relay(s);
	free(scene_run_once(s, env));
	assert_int_equal(count(s, "channel = 'wechat-subscribe'"
				  " AND status = 'pending'"),
			 ROWS);
	assert_int_equal(scene_calls(s, "invoke"), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SCENE_TEST(test_both_ways),
		SCENE_TEST(test_once_and_after_a_crash),
	};
	return cmocka_run_group_tests_name("routes", tests, NULL, NULL);
}
