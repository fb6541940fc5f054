/* Times as people type them: whatever is taken is one that the schema takes,
 * and within a day of the date that was typed. */
#include "lib/util.h"
#include "relay/when.h"
#include "tests/fuzz/fuzz.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const int64_t now_ms = 1769990400000;
static const int64_t first_ms = 1000000000000;
static const int64_t end_ms = 100000000000000;

static void check_date(const char *text, int64_t at_ms)
{
	enum { DAY_S = 24 * 60 * 60 };
	char *end;
	long year = strtol(text, &end, 10);
	if (!*end)
		return; /* it is milliseconds */
	assert(strlen(text) > strlen("2026-01-31"));
	struct tm tm = {
		.tm_year = (int)year - 1900,
		.tm_mon = (int)strtol(text + 5, NULL, 10) - 1,
		.tm_mday = (int)strtol(text + 8, NULL, 10),
	};
	int64_t off_s = at_ms / 1000 - timegm(&tm);
	assert(off_s > -DAY_S && off_s < 2 * DAY_S);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz_input in = fuzz_begin(data, size);
	scoped_free char *text = fuzz_take_rest(&in, NULL);
	scoped_free char *why = NULL;
	int64_t at_ms = -1;
	if (when_parse(text, now_ms, &at_ms, &why)) {
		assert(at_ms == -1 && why && *why);
		return 0;
	}
	assert(!why);
	assert(at_ms >= first_ms && at_ms < end_ms);
	if (*text == '+')
		assert(at_ms >= now_ms);
	else
		check_date(text, at_ms);
	return 0;
}
