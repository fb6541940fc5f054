/*
 * Failed and expired rows by what went wrong: the reason, and the error's text
 * with digits and ids folded away, for each channel. Read in slices.
 */
#pragma once

#include "tui/filter.h"
#include "tui/rows.h"

struct group {
	char *channel; /* own, as are the others */
	char *reason;  /* id, or "" */
	char *error;   /* folded; what is shown */
	int64_t count;
	int64_t first_ms, last_ms; /* when the first and last one failed */
	int64_t sample;		   /* id of the last one */
	bool is_rest; /* all beyond GROUPS_MAX groups: no filter names them */
};

enum { GROUPS_MAX = 1000 };

struct groups;
struct groups *groups_create(struct db *db);
void groups_destroy(struct groups *g);
void groups_ask(struct groups *g, const struct filter *filter);

/* As those of rows.h. */
void groups_refresh(struct groups *g);
void groups_refresh_now(struct groups *g);
int groups_work(struct groups *g, int64_t now_ms, int64_t deadline_us);

/* Largest first, then newest first. Borrowed until the next groups_work. */
size_t groups_count(const struct groups *g);
const struct group *groups_at(const struct groups *g, size_t index);
int64_t groups_total(const struct groups *g, bool *is_complete_out);
int64_t groups_read_at(const struct groups *g);

/* The filter's text for a group's rows: what it was plus a channel: and a
 * group: term, so that the list, its count and the act see the group's rows and
 * no others. NULL for the rest, and where it would be too long. The caller
 * frees. */
char *group_filter(const struct group *group, const char *filter_text);

/* As the list says it, in the operator's language; then what was answered,
 * which tells two groups of one reason apart. The caller frees. */
char *group_text(const struct group *group);

/* Runs of digits and hex of more than 4, long ids, quoted and bracketed parts
 * become "*", but not the code that an error begins with. The caller frees. */
char *group_fold(const char *error);

/* What a row's group is called in a filter: "not-subscribed: errcode=43101 *".
 * Either may be NULL. The caller frees. */
char *group_name(const char *reason, const char *error);
