#include "tui/script_act.h"

#include "lib/lang.h"
#include "lib/text.h"
#include "lib/util.h"
#include "tui/fmt.h"
#include "tui/script_json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { IDS_MAX = 20 };

/* A row that was named and could not be changed counts; of a filter, what it
 * leaves in other states was never meant. */
static int64_t left_out(const struct script_act *s)
{
	return s->o->id ? s->plan.other_state : 0;
}

static int64_t skipped(const struct script_act *s)
{
	return act_skipped(&s->plan.result) + left_out(s);
}

bool script_act_is_whole(const struct script_act *s)
{
	/* Channels that are already as asked are as asked. */
	if (!plan_states(s->plan.action))
		return true;
	return skipped(s) == 0 && s->plan.result.counts[ACT_FAILED] == 0;
}

static int64_t matched(const struct script_act *s)
{
	int64_t sum = 0;
	if (plan_states(s->plan.action))
		return (int64_t)s->plan.count + left_out(s);
	for (int fate = 0; fate < ACT_FATE_COUNT; fate++)
		sum += s->plan.result.counts[fate];
	return sum;
}

/* What was changed, or by a dry run would be. */
static bool is_listed(const struct script_act *s, const struct act_row *row)
{
	return s->o->is_dry_run || row->fate == ACT_CHANGED;
}

static void add_ids(const struct script_act *s, cJSON *object)
{
	cJSON *ids = script_json_list(object, "ids");
	bool is_truncated = false;
	int count = 0;
	for (size_t i = 0; i < s->plan.count && !is_truncated; i++) {
		const struct act_row *row = &s->plan.rows[i];
		if (!is_listed(s, row))
			continue;
		is_truncated = count == IDS_MAX;
		if (!is_truncated)
			cJSON_AddItemToArray(
				ids, cJSON_CreateNumber((double)row->id));
		count++;
	}
	script_json_bool(object, "truncated", is_truncated);
}

static void report_json(const struct script_act *s)
{
	const int64_t *counts = s->plan.result.counts;
	cJSON *object = cJSON_CreateObject();
	script_json_int(object, "matched", matched(s));
	script_json_int(object, "changed", counts[ACT_CHANGED]);
	script_json_int(object, "skipped", skipped(s));
	script_json_int(object, "failed", counts[ACT_FAILED]);
	if (s->plan.fence)
		script_json_int(object, "fence", s->plan.fence);
	else
		cJSON_AddNullToObject(object, "fence");
	if (plan_states(s->plan.action))
		add_ids(s, object);
	if (s->o->is_dry_run)
		script_json_bool(object, "dry_run", true);
	if (s->plan.act.id[0])
		script_json_text(object, "act", s->plan.act.id);
	script_json_print(object);
}

static void report_dry_run(const struct script_act *s)
{
	const struct plan *plan = &s->plan;
	printf(P_("%s row would be changed, nothing was\n",
		  "%s rows would be changed, nothing was\n", plan->count),
	       fmt_number((int64_t)plan->count).s);
	for (size_t i = 0; i < plan->channel_count; i++) {
		scoped_free char *name = text_clean(
			plan->channels[i].name, strlen(plan->channels[i].name));
		printf("  %s %s\n", name,
		       fmt_number(plan->channels[i].count).s);
	}
	if (plan->channel_rest)
		printf(_("  others %s\n"), fmt_number(plan->channel_rest).s);
}

void script_act_report(const struct script_act *s)
{
	if (s->o->is_json) {
		report_json(s);
	} else if (s->o->is_dry_run) {
		report_dry_run(s);
	} else if (left_out(s)) {
		printf(_("#%lld was skipped: nothing can be changed in its "
			 "state\n"),
		       (long long)s->o->id);
	} else {
		scoped_free char *summary = plan_summary(&s->plan);
		puts(summary);
	}
}
