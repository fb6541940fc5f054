/* Bytes of strangers made harmless. The input is a byte for the width, then the
 * text. */
#include "lib/text.h"
#include "lib/util.h"
#include "tests/fuzz/fuzz.h"

#include <assert.h>
#include <string.h>

static void check_pad(const char *s, size_t cells)
{
	scoped_free char *padded = text_pad(s, cells);
	assert(text_width(padded) == cells);
	scoped_free char *again = text_pad(padded, cells);
	assert(strcmp(padded, again) == 0);
	if (text_is_utf8(s, strlen(s)))
		assert(fuzz_is_utf8(padded, strlen(padded)));
}

static void check_fit(const char *s, size_t cap)
{
	size_t len = text_fit_bytes(s, cap);
	assert(len <= cap && len <= strlen(s));
	assert(fuzz_is_utf8(s, len));
	assert(len + 4 > cap || len == strlen(s));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz_input in = fuzz_begin(data, size);
	unsigned cells = fuzz_take(&in, 96);
	size_t len;
	scoped_free char *raw = fuzz_take_rest(&in, &len);
	assert(text_is_utf8(raw, len) == fuzz_is_utf8(raw, len));
	scoped_free char *clean = text_clean(raw, len);
	fuzz_check_clean(clean);
	scoped_free char *again = text_clean(clean, strlen(clean));
	assert(strcmp(clean, again) == 0);
	check_pad(raw, cells);
	check_pad(clean, cells);
	check_fit(clean, cells);
	return 0;
}
