#include "tests/support/scene.h"

#include "lib/clock.h"
#include "lib/util.h"

#include <poll.h>
#include <stdlib.h>

int scene_set_up(void **state)
{
	struct scene *s = xcalloc(1, sizeof(*s));
	void *fix = NULL;
	fixture_set_up(&fix);
	s->fix = fix;
	simulator_start(&s->sim, s->fix->dir, NULL);
	*state = s;
	return 0;
}

int scene_tear_down(void **state)
{
	struct scene *s = *state;
	void *fix = s->fix;
	proc_finish(&s->relay);
	simulator_finish(&s->sim);
	fixture_tear_down(&fix);
	free(s);
	return 0;
}

static struct relay_setup setup_of(struct scene *s, const char *const *env)
{
	return (struct relay_setup){
		.dir = s->fix->dir,
		.db = s->fix->path,
		.base = s->sim.base,
		.env = env,
	};
}

void scene_start_relay(struct scene *s, const char *const *env)
{
	struct relay_setup setup = setup_of(s, env);
	relayproc_start(&s->relay, &setup);
	relayproc_wait_ready(&s->relay, s->fix->db, SCENE_DEADLINE_MS);
}

char *scene_run_once(struct scene *s, const char *const *env)
{
	static const char *const once[] = {"--once", NULL};
	struct relay_setup setup = setup_of(s, env);
	char *err = NULL;
	setup.args = once;
	int status = relayproc_verb(&setup, "run", NULL, &err);
	if (status != 0)
		print_error("%s", err);
	assert_int_equal(status, 0);
	return err;
}

int64_t scene_insert(struct scene *s, const char *user)
{
	scoped_free char *payload =
		xasprintf("{\"assignedToId\":\"%s\",\"customerName\":\"张三\","
			  "\"source\":\"手动分配\",\"assignerName\":\"李四\","
			  "\"customerId\":\"66f2a1c0e4b0a1d2c3b4a601\","
			  "\"assignTime\":\"2025-12-24T10:30:00.000Z\"}",
			  user);
	return outbox_insert(s->fix->db, "sendCustomerAssignNotify", payload);
}

void scene_insert_many(struct scene *s, int count)
{
	outbox_exec(s->fix->db, "BEGIN IMMEDIATE");
	for (int i = 1; i <= count; i++) {
		scoped_free char *user = xasprintf("load-%d", i);
		scene_insert(s, user);
	}
	outbox_exec(s->fix->db, "COMMIT");
}

void scene_wait(struct scene *s, const char *sql, const char *expected)
{
	outbox_wait(s->fix->db, sql, expected, SCENE_DEADLINE_MS);
}

void scene_expect_row(struct scene *s, int64_t id, const char *expected)
{
	scoped_free char *row = outbox_text(
		s->fix->db,
		"SELECT status || '|' || attempts || '|' || unknowns || '|' ||"
		"       interrupted || '|' || coalesce(last_reason, '-')"
		"  FROM outbox WHERE id = %lld",
		(long long)id);
	assert_string_equal(row, expected);
}

long long scene_calls(struct scene *s, const char *stage)
{
	scoped_free char *keys = xasprintf("calls.%s", stage);
	return simulator_stat(&s->sim, keys);
}

void scene_wait_calls(struct scene *s, const char *stage, long long least)
{
	int64_t until_ms = clock_mono_ms() + SCENE_DEADLINE_MS;
	while (scene_calls(s, stage) < least) {
		if (clock_mono_ms() > until_ms)
			fail_msg("fewer than %lld calls of %s", least, stage);
		poll(NULL, 0, 5);
	}
}
