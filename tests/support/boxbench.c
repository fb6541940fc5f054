#include "tests/support/boxbench.h"

#include "lib/clock.h"
#include "lib/util.h"

#include <stdlib.h>
#include <string.h>

int boxbench_set_up(void **state)
{
	struct boxbench *b = xcalloc(1, sizeof(*b));
	void *act = NULL;
	char *problem = NULL;
	actbench_set_up(&act);
	b->act = act;
	b->mono_ms = 1000000;
	conf_init(&b->conf);
	struct app_options options = {.db_path = b->act->fix->path,
				      .conf = &b->conf,
				      .actor = &b->act->actor};
	assert_int_equal(app_create(&b->app, &options, &problem), 0);
	app_set_time(b->app, ACT_NOW, b->mono_ms);
	app_resize(b->app, 24, 80);
	*state = b;
	return 0;
}

int boxbench_tear_down(void **state)
{
	struct boxbench *b = *state;
	app_destroy(b->app);
	conf_finish(&b->conf);
	grid_finish(&b->grid);
	void *act = b->act;
	actbench_tear_down(&act);
	free(b);
	return 0;
}

void boxbench_work(struct boxbench *b, int64_t ms)
{
	b->mono_ms += ms;
	app_set_time(b->app, ACT_NOW, b->mono_ms);
	for (int i = 0; i < 1000; i++) {
		if (!app_work(b->app, clock_mono_us() + 1000000))
			return;
	}
	fail_msg("no end of work");
}

void boxbench_open(struct boxbench *b, enum act_action action, int count)
{
	outbox_exec(b->act->fix->db, "BEGIN");
	for (int i = 0; i < count; i++)
		actbench_add(b->act, MESSAGE_FAILED);
	outbox_exec(b->act->fix->db, "COMMIT");
	struct plan *plan = xcalloc(1, sizeof(*plan));
	plan_init(plan, action);
	plan->filter = xstrdup("state:failed");
	app_act_open(b->app, plan, NULL, 0, LIST_FAILED);
	boxbench_work(b, 1000);
}

void boxbench_press(struct boxbench *b, const char *text)
{
	for (; *text; text++)
		app_key(b->app, *text);
}

const char *boxbench_screen(struct boxbench *b, struct buf *out)
{
	buf_clear(out);
	app_paint(b->app, &b->grid);
	grid_dump_text(&b->grid, out);
	return buf_str(out);
}

void boxbench_see(struct boxbench *b, const char *text)
{
	scoped_buf out = {0};
	if (!strstr(boxbench_screen(b, &out), text))
		fail_msg("%s is not there:\n%s", text, buf_str(&out));
}

bool boxbench_is_open(struct boxbench *b)
{
	return app_box(b->app) != NULL;
}

int64_t boxbench_count_pending(struct boxbench *b)
{
	return outbox_int(b->act->fix->db, "SELECT count(*) FROM outbox"
					   " WHERE status = 'pending'");
}
