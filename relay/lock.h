/*
 * One relay a database: a lock on a file beside it. The kernel drops the lock
 * when the process ends, however it ends, so the next relay starts at once.
 * Never touches the database's own files: closing a descriptor of those would
 * drop SQLite's locks.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct lock {
	int fd;	       /* -1: not held */
	char *path;    /* own */
	char *db_path; /* own; links resolved */
	struct file_id {
		uint64_t device, inode;
	} file, db; /* what stood at the two names when the lock was taken */
};

enum lock_outcome {
	LOCK_TAKEN = 0,
	LOCK_HELD /* by another process; holder_out names it */
};

/* Takes the lock of the database at db_path, symbolic links resolved, and
 * writes who we are into it. On LOCK_HELD *holder_out is "pid 4121 since
 * 2026-…", which the caller frees. < 0: the file cannot be made, logged. */
int lock_take(struct lock *lock, const char *db_path, char **holder_out);
void lock_release(struct lock *lock);

/* Whether the lock file and the database are still the files that they were: a
 * database that was moved away or restored over is no longer the one that is
 * open here. */
bool lock_is_in_place(const struct lock *lock);
