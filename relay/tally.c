#include "relay/tally.h"

#include "lib/util.h"

enum { MINUTE_MS = 60000 };

bool tally_is_over(const struct tally *t, int64_t wall_ms)
{
	return t->minute_ms && wall_ms / MINUTE_MS * MINUTE_MS != t->minute_ms;
}

void tally_count(struct tally *t, enum verdict verdict, int64_t latency_ms,
		 int64_t wall_ms)
{
	t->minute_ms = wall_ms / MINUTE_MS * MINUTE_MS;
	t->outcomes[verdict]++;
	if (verdict == VERDICT_DELIVERED)
		t->latency[tally_bucket(latency_ms)]++;
}

int tally_bucket(int64_t latency_ms)
{
	int bucket = 0;
	for (int64_t ms = MAX(latency_ms, 0); ms > 0; ms >>= 1)
		bucket++;
	return MIN(bucket, TALLY_BUCKETS - 1);
}
