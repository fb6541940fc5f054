/*
 * Tells when somebody may have committed to the database: inotify on its WAL,
 * and a slow poll where that is missing or the file system does not tell.
 *
 * inotify speaks at the WAL's write, which is before its fsync and before the
 * commit can be seen. So one event asks for a series of looks, 0.1 ms to 100 ms
 * after it, until a look finds a new version (db_has_changed). Knows nothing of
 * what was committed.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct watch;
struct loop;
struct db;

/* Watches the database behind db; poll_ms is the slow poll. Returns 0 or < 0;
 * without inotify it still returns 0 and polls. */
int watch_create(struct watch **watch_out, struct loop *loop, struct db *db,
		 int64_t poll_ms);
void watch_destroy(struct watch *watch);

/* Another slow poll from now on. */
void watch_adopt(struct watch *watch, int64_t poll_ms);

/* When watch_look must be called again, CLOCK_MONOTONIC microseconds. */
int64_t watch_deadline_us(const struct watch *watch);

/* Looks if it is time to. Whether another connection has committed since the
 * last look. */
bool watch_look(struct watch *watch, int64_t now_us);
