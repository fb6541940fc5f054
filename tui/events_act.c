#include "tui/events_act.h"

#include "lib/buf.h"
#include "lib/lang.h"
#include "lib/util.h"
#include "schema/act.h"

#include <cjson/cJSON.h>
#include <stdlib.h>
#include <string.h>

enum { SHOWN = 3 };

static const char *const action_words[ACT_ACTION_COUNT] = {
	[ACT_RETRY] = N_("retry"),   [ACT_EDIT] = N_("edit"),
	[ACT_CANCEL] = N_("cancel"), [ACT_PAUSE] = N_("pause"),
	[ACT_RESUME] = N_("resume"), [ACT_UNDO] = N_("undo"),
};

/* What the audit keeps beside acts: that recipients were shown in full. */
static const char *const note_words[] = {N_("unmask"), N_("mask")};

const char *act_line_action(const char *action)
{
	for (int i = 0; i < ACT_ACTION_COUNT; i++) {
		if (strcmp(action, act_action_name((enum act_action)i)) == 0)
			return _(action_words[i]);
	}
	for (size_t i = 0; i < ARRAY_LEN(note_words); i++) {
		if (strcmp(action, note_words[i]) == 0)
			return _(note_words[i]);
	}
	return action;
}

/* An id, an array that begins with one, or a channel's name. */
static void add_one(struct buf *b, const cJSON *one)
{
	if (cJSON_IsArray(one))
		one = one->child;
	buf_adds(b, b->len ? ", " : "");
	if (cJSON_IsString(one))
		buf_adds(b, one->valuestring);
	else if (cJSON_IsNumber(one))
		buf_addf(b, "#%lld", (long long)one->valuedouble);
}

char *act_line_names(const char *ids, int64_t most, int64_t *count_out)
{
	scoped_buf b = {0};
	cJSON *json = ids ? cJSON_Parse(ids) : NULL;
	const cJSON *one = NULL;
	*count_out = 0;
	cJSON_ArrayForEach(one, json)
	{
		if (*count_out < most)
			add_one(&b, one);
		(*count_out)++;
	}
	cJSON_Delete(json);
	return xstrdup(buf_str(&b));
}

static char *name_changed(const char *ids, int64_t changed)
{
	int64_t count = 0;
	char *names = act_line_names(ids, SHOWN, &count);
	int64_t shown = MIN(count, (int64_t)SHOWN);
	if (shown == 0 || changed <= shown)
		return names;
	char *more =
		xasprintf("%s, +%lld", names, (long long)(changed - shown));
	free(names);
	return more;
}

void act_line_read(struct act_line *line, struct db_stmt *st, int64_t changed)
{
	*line = (struct act_line){
		.id = db_int(st, 0),
		.act = xstrdup(db_text(st, 1)),
		.at_ms = db_int(st, 2),
		.action = xstrdup(db_text(st, 3)),
		.who = xstrdup(db_text(st, 4)),
		.reason = xstrdup_or_null(db_text(st, 5)),
	};
	const char *undone = db_text(st, 8), *filter = db_text(st, 6);
	if (undone)
		line->what = xstrdup(act_line_action(undone));
	else if (filter)
		line->what = xstrdup(filter);
	else
		line->what = name_changed(db_text(st, 7), changed);
}

void act_line_finish(struct act_line *line)
{
	free(line->act);
	free(line->action);
	free(line->who);
	free(line->reason);
	free(line->what);
	*line = (struct act_line){0};
}
