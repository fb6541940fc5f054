#include "tests/support/fixture.h"

#include "lib/util.h"
#include "tests/support/check.h"
#include "tests/support/outbox.h"
#include "tests/support/tempdir.h"

#include <stdlib.h>

int fixture_set_up(void **state)
{
	struct fixture *f = xcalloc(1, sizeof(*f));
	f->dir = tempdir_create("test");
	f->path = outbox_make(f->dir, "outbox.db");
	f->db = outbox_open(f->path);
	*state = f;
	return 0;
}

/* Also after a test that failed halfway, with statements still open. */
int fixture_tear_down(void **state)
{
	struct fixture *f = *state;
	sqlite3_close_v2(f->db);
	tempdir_destroy(f->dir);
	free(f->path);
	free(f);
	return 0;
}
