#include "tests/support/robots.h"

#include "lib/util.h"

#include <string.h>

enum { SETTINGS_MAX = 24 };

static bool is_given(const char *const *settings, const char *one)
{
	size_t len = strcspn(one, "=") + 1;
	for (; settings && *settings; settings++) {
		if (strncmp(*settings, one, len) == 0)
			return true;
	}
	return false;
}

void robots_start(struct scene *s, const char *const *settings)
{
	const char *base = s->sim.base;
	scoped_free char *w =
		xasprintf("WEBHOOK_W_URL=%s" ROBOT_WECOM_PATH, base);
	scoped_free char *d =
		xasprintf("WEBHOOK_D_URL=%s" ROBOT_DINGTALK_PATH, base);
	scoped_free char *f =
		xasprintf("WEBHOOK_F_URL=%s" ROBOT_FEISHU_PATH, base);
	const char *const usual[] = {
		w,
		d,
		f,
		"WEBHOOK_W_KIND=wecom",
		"WEBHOOK_D_KIND=dingtalk",
		"WEBHOOK_F_KIND=feishu",
		"WEBHOOK_D_SECRET=" ROBOT_DINGTALK_SECRET,
		"WEBHOOK_F_SECRET=" ROBOT_FEISHU_SECRET,
		"OUTBOX_ROUTES=w=w,d=d,f=f",
	};
	const char *env[SETTINGS_MAX] = {NULL};
	size_t n = 0;
	for (size_t i = 0; i < ARRAY_LEN(usual); i++) {
		if (!is_given(settings, usual[i]))
			env[n++] = usual[i];
	}
	for (; settings && *settings; settings++) {
		assert_true(n < SETTINGS_MAX - 1);
		env[n++] = *settings;
	}
	scene_start_relay(s, env);
}

void robots_wait_settled(struct scene *s)
{
	scene_wait(s,
		   "SELECT count(*) FROM outbox"
		   " WHERE status = 'pending' OR status = 'sending'",
		   "0");
}

void robots_clear(struct scene *s)
{
	outbox_exec(s->fix->db, "UPDATE outbox SET status = 'cancelled'"
				" WHERE status = 'pending';"
				"UPDATE outbox_channel SET minute_used = 0,"
				" state = 'open'");
	simulator_post(&s->sim, "/sim/reset", "{}");
}
