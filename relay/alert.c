#include "relay/alert.h"

#include "lib/util.h"
#include "relay/alert_book.h"

#include <stdlib.h>

#define MINUTE_MS INT64_C(60000)

/* How long a trouble is remembered after its end where no repeat says so. */
#define MEMORY_MS (12 * 60 * MINUTE_MS)

/* A trouble that comes and goes is told again when it has lasted so long. */
#define AGAIN_MS (30 * MINUTE_MS)

/* Troubles that begin so close together have one cause. */
#define TOGETHER_MS INT64_C(10000)

enum step { STEP_NONE, STEP_BEGUN, STEP_AGAIN, STEP_OVER };

static int64_t memory_of(const struct alert_rules *rules)
{
	return rules->repeat_ms ? rules->repeat_ms : MEMORY_MS;
}

/* Whether it was told, now or before it came back, less than so long ago. */
static bool was_told_within(const struct alert *a, int64_t ms, int64_t now_ms)
{
	return a->told_ms != ALERT_NEVER && now_ms - a->told_ms < ms;
}

static bool is_to_be_begun(const struct alert *a, const struct alert_fact *f,
			   const struct alert_rules *rules, int64_t now_ms)
{
	int64_t lasted_ms = now_ms - a->begun_ms;
	if (lasted_ms < f->wait_ms)
		return false;
	return lasted_ms >= AGAIN_MS ||
	       !was_told_within(a, memory_of(rules), now_ms);
}

static bool is_news(const struct alert *a)
{
	for (size_t i = 0; i < a->told_count; i++) {
		if (a->told[i] == a->reason)
			return false;
	}
	return a->told_count < ALERT_REASONS_MAX;
}

static bool is_to_be_repeated(const struct alert *a, const struct alert_fact *f,
			      const struct alert_rules *rules, int64_t now_ms)
{
	if (f->is_lost)
		return true;
	if (is_news(a) && now_ms - a->reason_ms >= f->wait_ms)
		return true;
	return rules->repeat_ms &&
	       !was_told_within(a, rules->repeat_ms, now_ms);
}

static void begin(struct alert *a, const struct alert_time *now)
{
	a->is_on = true;
	a->is_told = false;
	a->begun_ms = a->reason_ms = now->ms;
	a->begun_wall_ms = now->wall_ms;
	a->told_count = 0;
	a->gone_ms = ALERT_NEVER;
}

static enum step step_present(struct alert_book *book, struct alert *a,
			      const struct alert_fact *f,
			      const struct alert_rules *rules,
			      const struct alert_time *now)
{
	book->is_changed |= !a->is_on || a->reason != f->reason;
	if (!a->is_on)
		begin(a, now);
	if (a->reason != f->reason)
		a->reason_ms = now->ms;
	a->reason = f->reason;
	a->gone_ms = ALERT_NEVER;
	if (!a->is_told)
		return is_to_be_begun(a, f, rules, now->ms) ? STEP_BEGUN
							    : STEP_NONE;
	return is_to_be_repeated(a, f, rules, now->ms) ? STEP_AGAIN : STEP_NONE;
}

static enum step step_absent(struct alert_book *book, struct alert *a,
			     const struct alert_rules *rules,
			     const struct alert_time *now)
{
	if (a->gone_ms == ALERT_NEVER)
		a->gone_ms = now->ms;
	if (now->ms - a->gone_ms < rules->calm_ms)
		return STEP_NONE;
	a->is_on = false;
	book->is_changed = true;
	return a->is_told ? STEP_OVER : STEP_NONE;
}

static enum step step_one(struct alert_book *book, struct alert *a,
			  const struct alert_fact *f,
			  const struct alert_rules *rules,
			  const struct alert_time *now)
{
	if (f->sign == ALERT_PRESENT)
		return step_present(book, a, f, rules, now);
	if (f->sign == ALERT_IGNORED) {
		book->is_changed |= a->is_on;
		a->is_on = a->is_told = false;
	}
	if (!a->is_on)
		return STEP_NONE;
	if (f->sign == ALERT_ABSENT)
		return step_absent(book, a, rules, now);
	a->gone_ms = ALERT_NEVER;
	return STEP_NONE;
}

static struct alert_notice *notice_for(struct alert_notices *notices,
				       const struct alert *a, enum step step)
{
	bool is_over = step == STEP_OVER;
	enum reason reason = is_over ? a->told_reason : a->reason;
	for (size_t i = 0; i < notices->count; i++) {
		struct alert_notice *n = &notices->list[i];
		if (n->kind == a->kind && n->is_over == is_over &&
		    n->reason == reason && n->count < ALERT_GROUP_MAX)
			return n;
	}
	size_t size = (notices->count + 1) * sizeof(*notices->list);
	notices->list = xrealloc(notices->list, size);
	struct alert_notice *n = &notices->list[notices->count++];
	*n = (struct alert_notice){
		.kind = a->kind,
		.is_over = is_over,
		.is_again = step == STEP_AGAIN,
		.reason = reason,
		.begun_ms = a->begun_ms,
	};
	return n;
}

static void tell(struct alert_notices *notices, struct alert *a, enum step step,
		 int64_t now_ms)
{
	struct alert_notice *n = notice_for(notices, a, step);
	n->alerts[n->count++] = a;
	n->begun_ms = MIN(n->begun_ms, a->begun_ms);
	n->is_again &= step == STEP_AGAIN;
	a->notices++;
	if (step == STEP_OVER) {
		a->is_told = false;
		return;
	}
	a->told_count = is_news(a) ? a->told_count : 0;
	a->told[a->told_count++] = a->reason;
	a->is_told = true;
	a->told_ms = now_ms;
	a->told_reason = a->reason;
}

/* The rest of what one trouble did to several channels, though they came in
 * ticks one after the other. */
static void tell_together(struct alert_book *book,
			  struct alert_notices *notices, int64_t now_ms)
{
	for (size_t i = 0; i < book->count; i++) {
		struct alert *a = &book->list[i];
		bool is_waiting = a->is_on && !a->is_told &&
				  a->gone_ms == ALERT_NEVER &&
				  a->told_ms == ALERT_NEVER;
		for (size_t j = 0; j < notices->count && is_waiting; j++) {
			struct alert_notice *n = &notices->list[j];
			if (n->is_over || n->kind != a->kind ||
			    n->reason != a->reason ||
			    a->begun_ms - n->begun_ms > TOGETHER_MS)
				continue;
			tell(notices, a, STEP_BEGUN, now_ms);
			is_waiting = false;
		}
	}
}

static const struct alert_fact *
find_fact(const struct alert *a, const struct alert_fact *facts, size_t count)
{
	static const struct alert_fact none = {.sign = ALERT_IGNORED};
	for (size_t i = 0; i < count; i++) {
		if (alert_is_of(a, facts[i].kind, facts[i].subject))
			return &facts[i];
	}
	return &none;
}

/* A trouble that is over is kept for as long as it counts as the same one that
 * comes back. */
static void forget(struct alert_book *book, const struct alert_rules *rules,
		   int64_t now_ms)
{
	for (size_t i = book->count; i-- > 0;) {
		const struct alert *a = &book->list[i];
		if (!a->is_on && !was_told_within(a, memory_of(rules), now_ms))
			alert_book_remove(book, i);
	}
}

void alert_decide(struct alert_book *book, const struct alert_fact *facts,
		  size_t count, const struct alert_rules *rules,
		  const struct alert_time *now, struct alert_notices *out)
{
	*out = (struct alert_notices){0};
	forget(book, rules, now->ms);
	for (size_t i = 0; i < count; i++) {
		const struct alert_fact *f = &facts[i];
		if (f->sign == ALERT_PRESENT &&
		    !alert_book_find(book, f->kind, f->subject))
			alert_book_add(book, f->kind, f->subject);
	}
	for (size_t i = 0; i < book->count; i++) {
		struct alert *a = &book->list[i];
		const struct alert_fact *f = find_fact(a, facts, count);
		enum step step = step_one(book, a, f, rules, now);
		if (step != STEP_NONE)
			tell(out, a, step, now->ms);
	}
	tell_together(book, out, now->ms);
	book->is_changed |= out->count > 0;
}

void alert_notices_finish(struct alert_notices *notices)
{
	free(notices->list);
	*notices = (struct alert_notices){0};
}
