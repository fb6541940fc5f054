#include "tui/box_act.h"

#include "lib/lang.h"
#include "lib/util.h"
#include "tui/app_state.h"

#include <stdlib.h>
#include <string.h>

static struct box_act *of(struct box *box)
{
	return (struct box_act *)box;
}

bool box_act_has_reason(const struct box_act *b)
{
	return b->plan->action == ACT_CANCEL || b->plan->action == ACT_PAUSE ||
	       box_act_is_large(b);
}

bool box_act_is_large(const struct box_act *b)
{
	return b->plan->count > PLAN_TYPE_ABOVE;
}

static void destroy(struct box *box)
{
	struct box_act *b = of(box);
	if (b->field == FIELD_REASON)
		prompt_end();
	plan_finish(b->plan);
	free(b->plan);
	filter_destroy(b->filter);
	free(b->ids);
	free(b->reason);
	free(b->nothing);
	box_lines_finish(&b->diff);
	free(b);
}

/* The prompt is one for the whole console: it is held while the reason is
 * being typed, and only then. */
static void go(struct box_act *b, enum box_field field)
{
	if (field == b->field)
		return;
	if (b->field == FIELD_REASON) {
		free(b->reason);
		b->reason = xstrdup(prompt_text());
		prompt_accept();
	}
	b->field = field;
	if (field == FIELD_REASON)
		prompt_begin(b->reason ? b->reason : "", PROMPT_REASONS);
}

static void step(struct box_act *b, int direction)
{
	enum box_field order[3];
	int count = 0, at = 0;
	if (box_act_has_reason(b))
		order[count++] = FIELD_REASON;
	if (box_act_is_large(b)) {
		order[count++] = FIELD_NUMBER;
	} else {
		order[count++] = FIELD_NO;
		order[count++] = FIELD_YES;
	}
	while (at < count - 1 && order[at] != b->field)
		at++;
	go(b, order[(at + direction + count) % count]);
}

void box_act_close(struct box_act *b, struct app *app)
{
	if (b->plan->action == ACT_EDIT)
		app_edit_settle(app, b->plan->result.counts[ACT_CHANGED] > 0);
	app_close_box(app);
}

static void leave(struct box_act *b, struct app *app)
{
	app_notice(app, STYLE_STATUS, "%s", _("Nothing was changed."));
	box_act_close(b, app);
}

static void act(struct box_act *b, struct app *app)
{
	go(b, box_act_is_large(b) ? FIELD_NUMBER : FIELD_YES);
	free(b->plan->reason);
	b->plan->reason = b->reason && b->reason[0] ? xstrdup(b->reason) : NULL;
	box_act_enter(b, BOX_ACTING);
	b->begun_ms = b->next_ms = app_mono_ms(app);
}

static void number_key(struct box_act *b, struct app *app, int32_t key)
{
	size_t len = strlen(b->number);
	b->is_number_wrong = false;
	if (key >= '0' && key <= '9' && len < NUMBER_MAX) {
		b->number[len] = (char)key;
		b->number[len + 1] = '\0';
	} else if (key == INPUT_BACKSPACE && len > 0) {
		b->number[len - 1] = '\0';
	} else if (key == INPUT_CTRL('U')) {
		b->number[0] = '\0';
	} else if (key == INPUT_ENTER) {
		if (len > 0 &&
		    strtoll(b->number, NULL, 10) == (long long)b->plan->count)
			act(b, app);
		else
			b->is_number_wrong = true;
	}
}

static void button_key(struct box_act *b, struct app *app, int32_t key)
{
	switch (key) {
	case 'y':
		act(b, app);
		break;
	case 'n':
	case 'q':
		leave(b, app);
		break;
	case INPUT_LEFT:
	case INPUT_RIGHT:
		go(b, b->field == FIELD_NO ? FIELD_YES : FIELD_NO);
		break;
	case INPUT_ENTER:
		if (b->field == FIELD_YES)
			act(b, app);
		else
			leave(b, app);
		break;
	default:
		break;
	}
}

/* A yes to what cannot be read is none. */
static bool is_legible(const struct box_act *b, struct app *app)
{
	struct box_lines lines;
	bool fits = box_act_fit(b, app, app->rows, app->cols, &lines);
	box_lines_finish(&lines);
	return fits;
}

static void illegible_key(struct box_act *b, struct app *app, int32_t key)
{
	if (key == 'n' || key == 'q')
		leave(b, app);
}

static void asking_key(struct box_act *b, struct app *app, int32_t key)
{
	int32_t folded = input_fold(key);
	if (key == INPUT_ESCAPE || key == INPUT_CTRL('C'))
		leave(b, app);
	else if (!is_legible(b, app))
		illegible_key(b, app, folded);
	else if (key == INPUT_TAB || key == INPUT_DOWN)
		step(b, 1);
	else if (key == INPUT_SHIFT_TAB || key == INPUT_UP)
		step(b, -1);
	else if (key == INPUT_CTRL('D') && box_act_is_large(b))
		box_act_dry_run(b, app);
	else if (b->field == FIELD_REASON && key == INPUT_ENTER)
		step(b, 1);
	else if (b->field == FIELD_REASON)
		prompt_key(key);
	else if (b->field == FIELD_NUMBER)
		number_key(b, app, folded);
	else
		button_key(b, app, folded);
}

static void key(struct box *box, struct app *app, int32_t key)
{
	struct box_act *b = of(box);
	bool is_stop = key == INPUT_ESCAPE || key == INPUT_CTRL('C');
	switch (b->phase) {
	case BOX_COUNTING:
		if (is_stop || input_fold(key) == 'q')
			leave(b, app);
		break;
	case BOX_ASKING:
		asking_key(b, app, key);
		break;
	case BOX_NOTHING:
		box_act_close(b, app);
		break;
	case BOX_ACTING:
		if (is_stop)
			box_act_end(b, app, true);
		break;
	}
}

static const struct box_ops working = {.destroy = destroy,
				       .key = key,
				       .paint = box_act_paint,
				       .work = box_act_work};

/* What has work is woken many times a second. */
static const struct box_ops waiting = {
	.destroy = destroy, .key = key, .paint = box_act_paint};

void box_act_enter(struct box_act *b, enum box_phase phase)
{
	bool has_work = phase == BOX_COUNTING || phase == BOX_ACTING;
	b->phase = phase;
	b->box.ops = has_work ? &working : &waiting;
}

struct box *box_act_create(struct app *app, struct plan *plan,
			   const int64_t *ids, size_t count, int list_kind)
{
	struct box_act *b = xcalloc(1, sizeof(*b));
	(void)app;
	box_act_enter(b, BOX_COUNTING);
	b->plan = plan;
	b->kind = (enum list_kind)list_kind;
	b->field = FIELD_NO;
	b->reason = xstrdup_or_null(plan->reason);
	if (ids) {
		b->count = count;
		b->ids = xmalloc(MAX(count, 1u) * sizeof(*ids));
		memcpy(b->ids, ids, count * sizeof(*ids));
	}
	return &b->box;
}
