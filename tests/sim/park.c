/* See park.h. */
#include "tests/sim/park.h"

#include <stdlib.h>

#include "lib/util.h"

static void put(struct park *p, size_t place, struct parked *member)
{
	p->heap[place] = member;
	member->place = place;
}

static void rise(struct park *p, size_t place)
{
	struct parked *member = p->heap[place];
	while (place) {
		size_t up = (place - 1) / 2;
		if (p->heap[up]->due_us <= member->due_us)
			break;
		put(p, place, p->heap[up]);
		place = up;
	}
	put(p, place, member);
}

static void sink(struct park *p, size_t place)
{
	struct parked *member = p->heap[place];
	for (;;) {
		size_t down = place * 2 + 1;
		if (down >= p->count)
			break;
		if (down + 1 < p->count &&
		    p->heap[down + 1]->due_us < p->heap[down]->due_us)
			down++;
		if (member->due_us <= p->heap[down]->due_us)
			break;
		put(p, place, p->heap[down]);
		place = down;
	}
	put(p, place, member);
}

void park_finish(struct park *p)
{
	free(p->heap);
	*p = (struct park){.heap = NULL};
}

void park_add(struct park *p, struct parked *member)
{
	if (p->count == p->cap) {
		p->cap = p->cap ? p->cap * 2 : 64;
		p->heap = xrealloc(p->heap, p->cap * sizeof(struct parked *));
	}
	put(p, p->count++, member);
	rise(p, member->place);
}

void park_remove(struct park *p, struct parked *member)
{
	size_t place = member->place;
	struct parked *last = p->heap[--p->count];
	if (last == member)
		return;
	put(p, place, last);
	rise(p, place);
	sink(p, last->place);
}

struct parked *park_first(const struct park *p)
{
	return p->count ? p->heap[0] : NULL;
}
