/* See fault.h; the rules are read in fault_load.c. */
#include "tests/sim/fault.h"

#include <stdlib.h>
#include <string.h>

#include "lib/util.h"

void fault_book_finish(struct fault_book *b)
{
	for (size_t i = 0; i < b->count; i++) {
		free(b->rules[i].name);
		free(b->rules[i].match);
		free(b->rules[i].text);
		free(b->rules[i].retry_after);
		free(b->rules[i].content_type);
		free(b->rules[i].date);
	}
	free(b->rules);
	*b = (struct fault_book){.rules = NULL};
}

static bool matches(const struct rule *r, enum stage stage,
		    const struct call *c)
{
	if (r->stage != stage)
		return false;
	if (r->effect == EFFECT_CLOSE_REUSED && !c->is_reused)
		return false;
	return !r->match || (c->body.len && memmem(c->body.data, c->body.len,
						   r->match, strlen(r->match)));
}

static bool is_armed(const struct rule *r, struct dice *dice)
{
	if (r->seen <= r->after || (r->times >= 0 && r->fired >= r->times))
		return false;
	return r->rate >= 1 || dice_unit(dice) < r->rate;
}

const struct rule *fault_take(struct fault_book *b, enum stage stage,
			      const struct call *c, struct dice *dice)
{
	struct rule *taken = NULL;
	for (size_t i = 0; i < b->count; i++) {
		struct rule *r = &b->rules[i];
		if (!matches(r, stage, c))
			continue;
		r->seen++;
		if (!taken && is_armed(r, dice)) {
			taken = r;
			r->fired++;
		}
	}
	return taken;
}

void fault_note(const struct rule *r, struct call *c)
{
	c->fault = r->name;
	c->answer.delay_us += r->delay_us;
}

static void set_errcode(const struct rule *r, struct answer *a,
			struct dice *dice)
{
	if (!r->text) {
		answer_set_error(a, r->errcode, NULL, dice);
		return;
	}
	cJSON *root = cJSON_CreateObject();
	cJSON_AddNumberToObject(root, "errcode", (double)r->errcode);
	cJSON_AddStringToObject(root, "errmsg", r->text);
	answer_set_json(a, root);
}

static void set_status(const struct rule *r, struct answer *a)
{
	scoped_free char *page = xasprintf(
		"<html>\r\n<head><title>%u</title></head>\r\n<body>\r\n"
		"<center><h1>%u</h1></center>\r\n</body>\r\n</html>\r\n",
		r->status, r->status);
	answer_set_text(a, r->text ? r->text : page);
	a->status = r->status;
	a->retry_after = xstrdup_or_null(r->retry_after);
	a->date = xstrdup_or_null(r->date);
	a->content_type =
		xstrdup(r->content_type ? r->content_type : "text/html");
}

static void set_resp(const struct rule *r, enum stage stage, struct answer *a)
{
	if (stage == STAGE_INVOKE || stage == STAGE_FUNCTION)
		answer_set_resp(a, r->text);
	else
		answer_set_text(a, r->text);
}

/* A half needs a whole: the true answer if the service acted. */
static void set_half(const struct rule *r, struct answer *a)
{
	if (!r->acts)
		answer_set_resp(a, "{\"success\":true}");
	a->kind = ANSWER_HALF;
}

static void set_kind(struct answer *a, enum answer_kind kind)
{
	answer_set_text(a, "");
	a->kind = kind;
}

void fault_apply(const struct rule *r, enum stage stage, struct call *c,
		 struct dice *dice)
{
	struct answer *a = &c->answer;
	switch (r->effect) {
	case EFFECT_DELAY:
	case EFFECT_COUNT:
		return;
	case EFFECT_ERRCODE:
		set_errcode(r, a, dice);
		return;
	case EFFECT_RESP:
	case EFFECT_RESP_JSON:
		set_resp(r, stage, a);
		return;
	case EFFECT_STATUS:
		set_status(r, a);
		return;
	case EFFECT_HANG:
		set_kind(a, ANSWER_HANG);
		return;
	case EFFECT_RESET:
		set_kind(a, ANSWER_RESET);
		return;
	case EFFECT_HALF:
		set_half(r, a);
		return;
	case EFFECT_GARBAGE:
		answer_set_text(a, "<<<this is no JSON>>>");
		return;
	case EFFECT_BIG:
		set_kind(a, ANSWER_BIG);
		a->size = r->size;
		return;
	case EFFECT_CLOSE_REUSED:
		set_kind(a, ANSWER_CLOSE);
		return;
	}
}
