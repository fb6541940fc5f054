/*
 * A hash table from strings to numbers, for sets, counters and indexes that
 * may grow to millions: open addressing, linear probing, no tombstones.
 *
 * It copies its keys and owns the copies. It knows nothing of what the numbers
 * mean. A zeroed struct is an empty table.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct table_slot {
	uint64_t hash;
	char *key; /* own; NULL in a free slot */
	int64_t value;
};

struct table {
	struct table_slot *slots; /* own */
	size_t cap;		  /* a power of two, or 0 */
	size_t count;
};

/* Frees the keys and leaves an empty table. */
void table_finish(struct table *t);

/* The number under a key, NULL if there is none. Good until the next put or
 * drop. */
int64_t *table_find(const struct table *t, const char *key);

/* The same, but adds the key with 0 if it is not there. */
int64_t *table_put(struct table *t, const char *key);

/* Takes a key out; does nothing if it is not there. */
void table_drop(struct table *t, const char *key);

/* Walks the table in no order: *cursor starts at 0, false means the end. The
 * key is borrowed from the table. */
bool table_next(const struct table *t, size_t *cursor, const char **key_out,
		int64_t *value_out);
