/*
 * Chance: a seeded generator for what a run may repeat (faults with a rate,
 * request ids) and the kernel's for what must differ from run to run (tokens).
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct dice {
	uint64_t state; /* the seed; every value is fine */
};

/* The next 64 bits of the seeded sequence. */
uint64_t dice_next(struct dice *d);

/* The next number in [0, 1). */
double dice_unit(struct dice *d);

/* Fills out with len bytes of the kernel's randomness. */
void dice_true_bytes(void *out, size_t len);
