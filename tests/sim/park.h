/*
 * Things that wait for their time, the earliest first: a binary heap that each
 * member knows its place in, so that one can leave early.
 *
 * Members are embedded in the caller's structs and owned by nobody here.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct parked {
	int64_t due_us; /* INT64_MAX: until taken out */
	size_t place;	/* the park's own */
};

struct park {
	struct parked **heap; /* own array of borrowed members */
	size_t count;
	size_t cap;
};

void park_finish(struct park *p);
void park_add(struct park *p, struct parked *member);
void park_remove(struct park *p, struct parked *member);

/* The earliest one, NULL if the park is empty. */
struct parked *park_first(const struct park *p);
