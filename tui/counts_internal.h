/* What tui/counts*.c share; nobody else includes it. */
#pragma once

#include "schema/db.h"
#include "tui/counts.h"
#include "tui/rows.h"

enum {
	SLICE_US = 10000,
	QUICK_US = 2000,  /* shorter work needs no rest */
	REST_FACTOR = 20, /* so much longer than it worked, it rests */
	CHANNELS_MAX = 256
};

/* What one pass has counted. */
struct tally {
	int64_t by_status[MESSAGE_STATUS_COUNT];
	struct tally_channel {
		char *name; /* own */
		int64_t by_status[MESSAGE_STATUS_COUNT];
	} * channels; /* own */
	size_t count;
};

void tally_finish(struct tally *t);

/* channel may be NULL: it is not counted by channel. */
void tally_add(struct tally *t, enum message_status status,
	       const char *channel);
int64_t tally_of(const struct tally *t, const char *channel,
		 enum message_status status);

struct counts {
	struct db_stmt *quick_st[MESSAGE_STATUS_COUNT]; /* own */
	struct db_stmt *pass_st[MESSAGE_STATUS_COUNT];	/* own */
	int64_t quick[MESSAGE_STATUS_COUNT]; /* up to COUNTS_QUICK + 1 */
	struct tally shown, going;
	bool is_wanted;	 /* the quick count */
	bool is_changed; /* since the last pass began */
	bool has_quick, has_whole, is_passing;
	int step; /* of the pass: which state, and where in it */
	int64_t key, id;
	int64_t looked;
	bool is_hurried; /* never rests */
	int64_t rests_until_us;
};
