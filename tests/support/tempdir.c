#include "tests/support/tempdir.h"

#include "lib/util.h"
#include "tests/support/check.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>

char *tempdir_create(const char *name)
{
	const char *base = getenv("TMPDIR");
	char *dir = xasprintf("%s/outbox-%s.XXXXXX",
			      base && *base ? base : "/tmp", name);
	assert_non_null(mkdtemp(dir));
	return dir;
}

static int remove_one(const char *path, const struct stat *st, int type,
		      struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

void tempdir_destroy(char *dir)
{
	if (dir)
		nftw(dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	free(dir);
}

char *tempdir_path(const char *dir, const char *name)
{
	return xasprintf("%s/%s", dir, name);
}
