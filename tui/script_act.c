/*
 * retry, cancel, edit, pause and resume for scripts: through the same planner
 * as the keys, so that what is counted is what is changed.
 */
#include "tui/script_act.h"

#include "lib/lang.h"
#include "lib/util.h"

#include <unistd.h>

static enum act_action action_of(enum script_verb verb)
{
	switch (verb) {
	case SCRIPT_CANCEL:
		return ACT_CANCEL;
	case SCRIPT_EDIT:
		return ACT_EDIT;
	case SCRIPT_PAUSE:
		return ACT_PAUSE;
	case SCRIPT_RESUME:
		return ACT_RESUME;
	case SCRIPT_RETRY:
	case SCRIPT_CONSOLE:
	case SCRIPT_STATUS:
	case SCRIPT_LIST:
	case SCRIPT_SHOW:
	case SCRIPT_LOG:
	case SCRIPT_AUDIT:
	case SCRIPT_VERB_COUNT:
		break;
	}
	return ACT_RETRY;
}

/* The shortest list that has all rows which the filter leaves. */
static enum list_kind kind_for(const struct filter *filter)
{
	static const struct {
		unsigned states;
		enum list_kind kind;
	} kinds[] = {
		{1U << MESSAGE_PENDING, LIST_PENDING},
		{1U << MESSAGE_SENDING, LIST_SENDING},
		{1U << MESSAGE_FAILED | 1U << MESSAGE_EXPIRED, LIST_FAILED},
		{1U << MESSAGE_DELIVERED, LIST_DELIVERED},
	};
	unsigned states = filter_states(filter);
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		if ((states & ~kinds[i].states) == 0)
			return kinds[i].kind;
	}
	return LIST_ALL;
}

static int choose_slice(void *arg, int64_t now_ms, int64_t deadline_us)
{
	struct script_act *s = arg;
	if (s->o->id)
		return planner_choose_ids(s->planner, &s->plan, &s->o->id, 1,
					  now_ms);
	return planner_choose_all(s->planner, &s->plan, kind_for(s->filter),
				  s->filter, now_ms, deadline_us);
}

static int act_slice(void *arg, int64_t now_ms, int64_t deadline_us)
{
	struct script_act *s = arg;
	(void)deadline_us;
	int rc = planner_act(s->planner, &s->plan, now_ms);
	if (rc == ROWS_MORE)
		usleep(PLAN_REST_MS * 1000);
	return rc;
}

/* Channels are not chosen. */
static bool has_rows(const struct script_act *s)
{
	return plan_states(s->plan.action);
}

static bool is_too_many(const struct script_act *s)
{
	const struct plan *plan = &s->plan;
	if (!plan->is_over)
		return false;
	script_complain(_("%lld rows match, and --max allows %lld: nothing was "
			  "changed; narrow the filter or raise --max"),
			(long long)plan->count + (long long)plan->over,
			(long long)plan->max);
	return true;
}

static int act_and_report(struct script_act *s)
{
	bool is_idle = has_rows(s) && s->plan.count == 0;
	int rc = is_idle ? 0 : script_work(act_slice, s);
	if (rc == PLAN_ENDED)
		script_complain("%s", s->plan.error);
	if (rc == PLAN_ENDED && !has_rows(s)) /* no such channel */
		return EXIT_USAGE;
	script_act_report(s);
	if (rc != 0 && rc != PLAN_ENDED)
		return script_trouble(s->o, s->writer, rc);
	return script_act_is_whole(s) ? EXIT_DONE : EXIT_PARTLY;
}

static int run(struct script_act *s)
{
	int rc = has_rows(s) ? script_work(choose_slice, s) : 0;
	if (rc)
		return script_trouble(s->o, s->reader, rc);
	if (is_too_many(s))
		return EXIT_USAGE;
	if (s->plan.gone) {
		script_complain(_("there is no row #%lld"),
				(long long)s->o->id);
		if (s->o->is_json)
			script_act_report(s);
		return EXIT_FAILED;
	}
	if (s->o->is_dry_run) {
		script_act_report(s);
		return EXIT_DONE;
	}
	bool is_idle = has_rows(s) && s->plan.count == 0;
	if (!is_idle && !script_act_confirm(s))
		return EXIT_FAILED;
	return act_and_report(s);
}

static int open_all(struct script_act *s)
{
	int rc = script_open(s->o, DB_READ, &s->reader);
	if (rc == 0 && !s->o->is_dry_run)
		rc = script_open(s->o, DB_WRITE, &s->writer);
	if (rc)
		return rc;
	actor_init_self(&s->actor);
	s->planner = planner_create(s->reader, s->writer, &s->actor);
	return 0;
}

static void finish(struct script_act *s)
{
	plan_finish(&s->plan);
	planner_destroy(s->planner);
	actor_finish(&s->actor);
	filter_destroy(s->filter);
	db_close(s->writer);
	db_close(s->reader);
}

int script_act(const struct script_options *o)
{
	struct script_act s = {.o = o};
	plan_init(&s.plan, action_of(o->verb));
	int rc = script_act_check(&s);
	if (rc == 0)
		rc = open_all(&s);
	if (rc == 0)
		rc = run(&s);
	finish(&s);
	return rc;
}
