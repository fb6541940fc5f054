/* See dice.h. */
#include "tests/sim/dice.h"

#include <assert.h>
#include <sys/random.h>

/* splitmix64: one addition and three mixing steps. */
uint64_t dice_next(struct dice *d)
{
	uint64_t z = d->state += UINT64_C(0x9e3779b97f4a7c15);
	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

double dice_unit(struct dice *d)
{
	return (double)(dice_next(d) >> 11) * 0x1p-53;
}

void dice_true_bytes(void *out, size_t len)
{
	char *p = out;
	while (len) {
		ssize_t got = getrandom(p, len, 0);
		assert(got > 0); /* never fails once the pool is filled */
		p += got;
		len -= (size_t)got;
	}
}
