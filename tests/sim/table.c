/* See table.h. */
#include "tests/sim/table.h"

#include <stdlib.h>
#include <string.h>

#include "lib/util.h"

enum { TABLE_FIRST_CAP = 64 };

static uint64_t hash_of(const char *key)
{
	uint64_t h = UINT64_C(0xcbf29ce484222325);
	for (; *key; key++)
		h = (h ^ (unsigned char)*key) * UINT64_C(0x100000001b3);
	h ^= h >> 32; /* FNV's low bits are its weak ones */
	return h * UINT64_C(0x9e3779b97f4a7c15) >> 7;
}

/* The slot that holds the key, or the free one where it belongs. */
static size_t probe(const struct table *t, const char *key, uint64_t hash)
{
	size_t i = hash & (t->cap - 1);
	while (t->slots[i].key &&
	       (t->slots[i].hash != hash || strcmp(t->slots[i].key, key) != 0))
		i = (i + 1) & (t->cap - 1);
	return i;
}

static void grow(struct table *t)
{
	struct table old = *t;
	t->cap = old.cap ? old.cap * 2 : TABLE_FIRST_CAP;
	t->slots = xcalloc(t->cap, sizeof(*t->slots));
	for (size_t i = 0; i < old.cap; i++) {
		const struct table_slot *s = &old.slots[i];
		if (s->key)
			t->slots[probe(t, s->key, s->hash)] = *s;
	}
	free(old.slots);
}

void table_finish(struct table *t)
{
	for (size_t i = 0; i < t->cap; i++)
		free(t->slots[i].key);
	free(t->slots);
	*t = (struct table){.slots = NULL};
}

int64_t *table_find(const struct table *t, const char *key)
{
	if (!t->count)
		return NULL;
	struct table_slot *s = &t->slots[probe(t, key, hash_of(key))];
	return s->key ? &s->value : NULL;
}

int64_t *table_put(struct table *t, const char *key)
{
	if ((t->count + 1) * 3 > t->cap * 2)
		grow(t);
	uint64_t hash = hash_of(key);
	struct table_slot *s = &t->slots[probe(t, key, hash)];
	if (!s->key) {
		*s = (struct table_slot){.hash = hash, .key = xstrdup(key)};
		t->count++;
	}
	return &s->value;
}

/* Closes the gap by moving back every later slot of the run that may sit
 * there, so that no tombstone is needed. */
void table_drop(struct table *t, const char *key)
{
	if (!t->count)
		return;
	size_t mask = t->cap - 1;
	size_t gap = probe(t, key, hash_of(key));
	if (!t->slots[gap].key)
		return;
	free(t->slots[gap].key);
	t->count--;
	for (size_t i = (gap + 1) & mask; t->slots[i].key; i = (i + 1) & mask) {
		size_t home = t->slots[i].hash & mask;
		if (((i - home) & mask) < ((i - gap) & mask))
			continue;
		t->slots[gap] = t->slots[i];
		gap = i;
	}
	t->slots[gap] = (struct table_slot){.key = NULL};
}

bool table_next(const struct table *t, size_t *cursor, const char **key_out,
		int64_t *value_out)
{
	while (*cursor < t->cap) {
		const struct table_slot *s = &t->slots[(*cursor)++];
		if (!s->key)
			continue;
		*key_out = s->key;
		*value_out = s->value;
		return true;
	}
	return false;
}
