#include "tests/support/variety.h"

#include "lib/util.h"
#include "tests/support/check.h"
#include "tests/support/outbox.h"
#include "tests/support/paths.h"

#include <stdio.h>
#include <stdlib.h>

void variety_fill(sqlite3 *db)
{
	scoped_free char *path = paths_source("tests/fixtures/console.sql");
	FILE *f = fopen(path, "re");
	if (!f)
		fail_msg("%s cannot be read", path);
	scoped_free char *sql = NULL;
	size_t cap = 0;
	if (getdelim(&sql, &cap, '\0', f) < 0)
		fail_msg("%s is empty", path);
	fclose(f);
	outbox_exec(db, "%s", sql);
}
