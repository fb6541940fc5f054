/*
 * How many rows are in each state, and of each channel: at first up to
 * COUNTS_QUICK, at once; then all, counted in slices and again when they may
 * have changed, never more than a small part of the time.
 */
#pragma once

#include "schema/message.h"

enum { COUNTS_QUICK = 10000 };

struct count {
	int64_t n;
	bool is_more;  /* there are at least n */
	bool is_about; /* it was n a moment ago */
};

struct counts;
struct counts *counts_create(struct db *db);
void counts_destroy(struct counts *c);

/* Something changed: count again when it is time. */
void counts_refresh(struct counts *c);

/* From now on it does not rest: for who counts once and leaves. */
void counts_hurry(struct counts *c);

/* One slice; outcomes as of rows_work. The first one gives every count up to
 * COUNTS_QUICK. */
int counts_work(struct counts *c, int64_t now_ms, int64_t deadline_us);

/* Whether it rests before it is done: to be worked again soon, whether anything
 * changed or not. */
bool counts_is_going(const struct counts *c);

struct count counts_of(const struct counts *c, enum message_status status);

/* Of one channel; 0 for a name that has none. Delivered rows are not counted by
 * channel. */
struct count counts_of_channel(const struct counts *c, const char *channel,
			       enum message_status status);

/* The sum of several. */
struct count count_add(struct count a, struct count b);
