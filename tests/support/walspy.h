/*
 * A VFS over SQLite's own that watches how this process checkpoints: whether
 * its own write lock is held by another of its connections all the while, and
 * whether anybody sleeps with that lock in hand. Locks that other processes
 * hold do not count.
 */
#pragma once

struct walspy_counts {
	int checkpoints; /* begun: the checkpoint's lock was taken */
	int writes;	 /* pages written to the database file itself */
	int unguarded;	 /* of both, those without the write lock */
	int let_go;	 /* times the lock was dropped before the end */
	int slept;	 /* waits while the write lock was held */
};

/* Makes it the default of connections that are opened from now on. Also prints
 * the counts on stderr when the process ends, as
 * "walspy: checkpoints=1 writes=2 unguarded=0 let_go=0 slept=0". */
void walspy_install(void);

struct walspy_counts walspy_counts(void);
