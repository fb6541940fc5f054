#include "tests/support/walspy.h"

#include <sqlite3.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

/* Places of locks in the WAL's index (sqlite.org/walformat.html, 2.3). */
enum { WRITE_LOCK = 0, CHECKPOINT_LOCK = 1 };

struct spy_file {
	sqlite3_file base; /* first: SQLite sees only this */
	bool is_main;
	bool has_write_lock;
	bool has_checkpoint_lock;
	sqlite3_file *real; /* behind this struct */
};

static struct {
	sqlite3_vfs vfs;
	sqlite3_vfs *real; /* borrowed from SQLite */
	struct walspy_counts counts;
	int write_locks, checkpoint_locks;
} spy;

static struct spy_file *of(sqlite3_file *file)
{
	return (struct spy_file *)(void *)file;
}

#define REAL(file) (of(file)->real)
#define CALL(file, method, ...) \
	REAL(file)->pMethods->method(REAL(file), ##__VA_ARGS__)

static int spy_close(sqlite3_file *f)
{
	struct spy_file *file = of(f);
	spy.write_locks -= file->has_write_lock;
	spy.checkpoint_locks -= file->has_checkpoint_lock;
	return file->real->pMethods ? CALL(f, xClose) : SQLITE_OK;
}

static int spy_read(sqlite3_file *f, void *data, int len, sqlite3_int64 at)
{
	return CALL(f, xRead, data, len, at);
}

/* With a WAL nothing but a checkpoint writes to the database itself. */
static int spy_write(sqlite3_file *f, const void *data, int len,
		     sqlite3_int64 at)
{
	if (of(f)->is_main) {
		spy.counts.writes++;
		spy.counts.unguarded +=
			spy.write_locks - of(f)->has_write_lock < 1;
	}
	return CALL(f, xWrite, data, len, at);
}

static int spy_truncate(sqlite3_file *f, sqlite3_int64 size)
{
	return CALL(f, xTruncate, size);
}

static int spy_sync(sqlite3_file *f, int flags)
{
	return CALL(f, xSync, flags);
}

static int spy_size(sqlite3_file *f, sqlite3_int64 *size)
{
	return CALL(f, xFileSize, size);
}

static int spy_lock(sqlite3_file *f, int level)
{
	return CALL(f, xLock, level);
}

static int spy_unlock(sqlite3_file *f, int level)
{
	return CALL(f, xUnlock, level);
}

static int spy_reserved(sqlite3_file *f, int *out)
{
	return CALL(f, xCheckReservedLock, out);
}

static int spy_control(sqlite3_file *f, int op, void *arg)
{
	return CALL(f, xFileControl, op, arg);
}

static int spy_sector(sqlite3_file *f)
{
	return CALL(f, xSectorSize);
}

static int spy_device(sqlite3_file *f)
{
	return CALL(f, xDeviceCharacteristics);
}

static int spy_shm_map(sqlite3_file *f, int page, int size, int extend,
		       void volatile **out)
{
	return CALL(f, xShmMap, page, size, extend, out);
}

static void take(struct spy_file *file, int place)
{
	if (place == WRITE_LOCK) {
		file->has_write_lock = true;
		spy.write_locks++;
	} else if (place == CHECKPOINT_LOCK) {
		file->has_checkpoint_lock = true;
		spy.checkpoint_locks++;
		spy.counts.checkpoints++;
		spy.counts.unguarded +=
			spy.write_locks - file->has_write_lock < 1;
	}
}

static void give(struct spy_file *file, int place)
{
	if (place == WRITE_LOCK && file->has_write_lock) {
		file->has_write_lock = false;
		spy.write_locks--;
		spy.counts.let_go += spy.checkpoint_locks > 0;
	} else if (place == CHECKPOINT_LOCK && file->has_checkpoint_lock) {
		file->has_checkpoint_lock = false;
		spy.checkpoint_locks--;
	}
}

/* A recovery takes the checkpoint's lock together with others. */
static int spy_shm_lock(sqlite3_file *f, int from, int count, int flags)
{
	bool is_watched = count == 1 && flags & SQLITE_SHM_EXCLUSIVE;
	if (is_watched && flags & SQLITE_SHM_UNLOCK)
		give(of(f), from);
	int rc = CALL(f, xShmLock, from, count, flags);
	if (is_watched && flags & SQLITE_SHM_LOCK && rc == SQLITE_OK)
		take(of(f), from);
	return rc;
}

static void spy_shm_barrier(sqlite3_file *f)
{
	CALL(f, xShmBarrier);
}

static int spy_shm_unmap(sqlite3_file *f, int is_deleted)
{
	return CALL(f, xShmUnmap, is_deleted);
}

/* Version 2: without the third's memory map, which nobody here uses. */
static const sqlite3_io_methods methods = {
	.iVersion = 2,
	.xClose = spy_close,
	.xRead = spy_read,
	.xWrite = spy_write,
	.xTruncate = spy_truncate,
	.xSync = spy_sync,
	.xFileSize = spy_size,
	.xLock = spy_lock,
	.xUnlock = spy_unlock,
	.xCheckReservedLock = spy_reserved,
	.xFileControl = spy_control,
	.xSectorSize = spy_sector,
	.xDeviceCharacteristics = spy_device,
	.xShmMap = spy_shm_map,
	.xShmLock = spy_shm_lock,
	.xShmBarrier = spy_shm_barrier,
	.xShmUnmap = spy_shm_unmap,
};

static int spy_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *f,
		    int flags, int *out)
{
	(void)vfs;
	struct spy_file *file = of(f);
	*file = (struct spy_file){
		.base.pMethods = &methods,
		.is_main = (flags & SQLITE_OPEN_MAIN_DB) != 0,
		.real = (sqlite3_file *)(void *)(file + 1),
	};
	int rc = spy.real->xOpen(spy.real, name, file->real, flags, out);
	if (rc != SQLITE_OK && !file->real->pMethods)
		file->base.pMethods = NULL;
	return rc;
}

static int spy_sleep(sqlite3_vfs *vfs, int us)
{
	(void)vfs;
	spy.counts.slept += spy.write_locks > 0;
	return spy.real->xSleep(spy.real, us);
}

static void print_counts(void)
{
	const struct walspy_counts *c = &spy.counts;
	fprintf(stderr,
		"walspy: checkpoints=%d writes=%d unguarded=%d let_go=%d "
		"slept=%d\n",
		c->checkpoints, c->writes, c->unguarded, c->let_go, c->slept);
}

/* What is not opening and sleeping the copy leaves to the real one, which
 * looks at nothing of the struct that it is given but its name. */
void walspy_install(void)
{
	spy.real = sqlite3_vfs_find(NULL);
	spy.vfs = *spy.real;
	spy.vfs.zName = "walspy";
	spy.vfs.pNext = NULL;
	spy.vfs.szOsFile = (int)sizeof(struct spy_file) + spy.real->szOsFile;
	spy.vfs.xOpen = spy_open;
	spy.vfs.xSleep = spy_sleep;
	sqlite3_vfs_register(&spy.vfs, 1);
	atexit(print_counts);
}

struct walspy_counts walspy_counts(void)
{
	return spy.counts;
}
