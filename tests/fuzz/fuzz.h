/*
 * What the fuzz targets share: taking an input apart, and an opinion on texts
 * that is not lib/text.h's own.
 *
 * A target is tests/fuzz/fuzz_NAME.c with LLVMFuzzerTestOneInput, which asserts
 * what must hold whatever the bytes are. `make fuzz` links it with libFuzzer;
 * `make test` with replay.c, which runs the files of corpus/NAME/.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What is left of an input. */
struct fuzz_input {
	const char *at; /* borrowed */
	size_t left;
};

struct fuzz_input fuzz_begin(const uint8_t *data, size_t size);

/* Takes one byte and brings it below `count`, so that the digit n of a seed is
 * n if count is 2, 3, 4, 6, 8, 12, 16 or 24. 0 at the end. */
unsigned fuzz_take(struct fuzz_input *in, unsigned count);

/* Takes what is before the next line end, or the rest, as a C string in a block
 * of its own, so that a look past its end is seen. len_out may be NULL. The
 * caller frees. */
char *fuzz_take_line(struct fuzz_input *in, size_t *len_out);
char *fuzz_take_rest(struct fuzz_input *in, size_t *len_out);

/* Whether the bytes are well-formed UTF-8, as libc sees it. */
bool fuzz_is_utf8(const char *s, size_t len);

/* Fails unless s may be shown on any terminal: UTF-8 without control characters
 * and without those that turn the reading direction. */
void fuzz_check_clean(const char *s);
