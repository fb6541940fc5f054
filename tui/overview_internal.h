/* What tui/overview*.c share; nobody else includes it. Each part reads its
 * share of the overview in slices and keeps what stays true. */
#pragma once

#include "tui/overview.h"
#include "tui/rows.h"

/* The day's minutes (overview_minute.c): rates, latencies and what failed. */
struct overview_minutes;
struct overview_minutes *overview_minutes_create(struct db *db);
void overview_minutes_destroy(struct overview_minutes *m);
int overview_minutes_work(struct overview_minutes *m, int64_t now_ms,
			  int64_t deadline_us);
void overview_minutes_tell(const struct overview_minutes *m, struct overview *o,
			   int64_t now_ms);

/* The newest failed and expired rows by error (overview_error.c). */
struct overview_errors;
struct overview_errors *overview_errors_create(struct db *db);
void overview_errors_destroy(struct overview_errors *e);
int overview_errors_work(struct overview_errors *e, int64_t deadline_us);
void overview_errors_tell(const struct overview_errors *e, struct overview *o);

/* The last acts of operators (overview_act.c), into o->acts, which
 * overview_acts_finish empties. */
struct overview_acts;
struct overview_acts *overview_acts_create(struct db *db);
void overview_acts_destroy(struct overview_acts *a);
int overview_acts_work(struct overview_acts *a, struct overview *o,
		       int64_t deadline_us);
void overview_acts_finish(struct overview *o);

/* Begins the next round of a part whose last one has ended. */
void overview_minutes_begin(struct overview_minutes *m, int64_t now_ms);
void overview_errors_begin(struct overview_errors *e, int64_t now_ms);

/* Whether the last round of errors was the first one, which looks at some only
 * so that there is something to show, and there are more. */
bool overview_errors_is_first(const struct overview_errors *e);
