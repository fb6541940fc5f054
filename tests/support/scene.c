#include "tests/support/scene.h"

#include "lib/clock.h"
#include "lib/util.h"
#include "tests/support/tempdir.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { SETTINGS_MAX = 24 };

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

void scene_start_two(struct scene *s, const char *const *env)
{
	scoped_free char *url =
		xasprintf("WEBHOOK_X_URL=%s/hook/x", s->sim.base);
	const char *all[SETTINGS_MAX] = {url, "WEBHOOK_X_SECRET=a-plain-secret",
					 "OUTBOX_ROUTES=x=x:$.to"};
	for (size_t i = 3; env && *env; env++) {
		assert_true(i < SETTINGS_MAX - 1);
		all[i++] = *env;
	}
	scene_start_relay(s, all);
}

void scene_stop_relay(struct scene *s)
{
	assert_int_equal(relayproc_stop(&s->relay, SCENE_DEADLINE_MS), 0);
	proc_finish(&s->relay);
}

void scene_crash_relay(struct scene *s)
{
	proc_signal(&s->relay, SIGKILL);
	proc_wait(&s->relay, SCENE_DEADLINE_MS);
	proc_finish(&s->relay);
}

void scene_write_env(struct scene *s, const char *text)
{
	scoped_free char *path = tempdir_path(s->fix->dir, ".env");
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
}

void scene_reload(struct scene *s, const char *text)
{
	scene_write_env(s, text);
	proc_signal(&s->relay, SIGHUP);
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

void scene_insert_hooks(struct scene *s, int count)
{
	outbox_exec(s->fix->db,
		    "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL"
		    "  SELECT i + 1 FROM n WHERE i < %d)"
		    " INSERT INTO outbox (type, payload)"
		    " SELECT 'x', json_object('to', 'h-' || i) FROM n",
		    count);
}

void scene_wait_count(struct scene *s, const char *channel, const char *status,
		      int count)
{
	scoped_free char *expected = xasprintf("%d", count);
	scoped_free char *sql = xasprintf("SELECT count(*) FROM outbox"
					  " WHERE channel = '%s'"
					  "   AND status = '%s'",
					  channel, status);
	scene_wait(s, sql, expected);
}

void scene_wait_channel(struct scene *s, const char *channel,
			const char *expected)
{
	scoped_free char *sql =
		xasprintf("SELECT state || '|' || coalesce(reason, '-')"
			  "  FROM outbox_channel WHERE name = '%s'",
			  channel);
	scene_wait(s, sql, expected);
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

cJSON *scene_journal(const struct scene *s, const char *stage)
{
	cJSON *all = simulator_journal(&s->sim);
	cJSON *calls = cJSON_CreateArray();
	while (cJSON_GetArraySize(all)) {
		cJSON *call = cJSON_DetachItemFromArray(all, 0);
		const cJSON *name = cJSON_GetObjectItem(call, "stage");
		if (strcmp(cJSON_GetStringValue(name), stage) == 0)
			cJSON_AddItemToArray(calls, call);
		else
			cJSON_Delete(call);
	}
	cJSON_Delete(all);
	return calls;
}
