#include "relay/backoff.h"

#include "lib/util.h"

#include <assert.h>

int64_t backoff_wait_ms(const struct backoff *backoff, int64_t attempts,
			double chance, int64_t least_ms)
{
	assert(backoff->step_count > 0);
	size_t last = backoff->step_count - 1;
	size_t step = attempts > 1 ? (size_t)(attempts - 1) : 0;
	double wait = (double)backoff->steps_ms[MIN(step, last)];
	double spread = wait * backoff->jitter_percent / 100.0;
	int64_t jittered = (int64_t)(wait - spread + 2 * spread * chance);
	return MAX(jittered, least_ms);
}
