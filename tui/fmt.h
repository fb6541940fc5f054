/*
 * Numbers, sizes, spans and points of time as an operator reads them, in the
 * language of lib/lang.h. By value: fmt_span(ms).s lives to the end of the
 * expression it stands in.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct fmt {
	char s[64];
};

/* How points of time are shown, everywhere at once. */
enum fmt_time { FMT_AGO, FMT_LOCAL, FMT_UTC, FMT_TIME_COUNT };

/* "0.8s", "41s", "3m12s", "1h14m", "2d04h": at most 6 cells in English, 8 in
 * Chinese. Less than 0 is 0. */
struct fmt fmt_span(int64_t ms);

/* The same, with less than a second in milliseconds: "212ms". */
struct fmt fmt_fine_span(int64_t ms);

/* A duration of a request: "0.4ms", "181ms", "5.000s", "2m00s". */
struct fmt fmt_took(int64_t us);

/* A point of time: how long ago ("41s"; "in 14s" if it is still to come), or
 * the time of day, "11-21 14:21" if it is another day's than now's,
 * "2025-11-21" if another year's; "-" for 0, which is never. Zones are of TZ.
 */
struct fmt fmt_at(int64_t at_ms, int64_t now_ms, enum fmt_time mode);

/* The same where there is room: never how long ago, and of another year with
 * the time of day, "2025-11-21 14:21". */
struct fmt fmt_moment(int64_t at_ms, int64_t now_ms, enum fmt_time mode);

/* The time of day with milliseconds, always; "14:20:27.114". UTC if mode is
 * FMT_UTC. */
struct fmt fmt_exact(int64_t at_ms, enum fmt_time mode);

/* "2026-11-22 14:22:07 +08", "... -03:30", for what is kept or copied. */
struct fmt fmt_full(int64_t at_ms, enum fmt_time mode);

/* The clock of the title: "14:22:07 +08"; "UTC" with FMT_UTC. */
struct fmt fmt_clock(int64_t now_ms, enum fmt_time mode);

/* "1,204". With is_more "10,000+", else with is_about "~98,240". */
struct fmt fmt_number(int64_t n);
struct fmt fmt_count(int64_t n, bool is_more, bool is_about);

/* For a tab: "1204", "98k", "1.2M", each with "+" if there are more. */
struct fmt fmt_short(int64_t n, bool is_more);

/* "412 MiB", "3.1 MiB", "812 B". */
struct fmt fmt_bytes(int64_t bytes);

/* "98.6%", rounded down, so that "100.0%" is all; "-" if total is 0. */
struct fmt fmt_percent(int64_t part, int64_t total);
