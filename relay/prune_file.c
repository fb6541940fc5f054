/* The file itself: how large it is, and how it becomes smaller. */
#include "relay/prune_internal.h"

#include "lib/util.h"

/* Free pages are what the next rows are written to; only when they are many is
 * the file made smaller. */
enum { FREE_PAGES_KEPT = 1000, FREE_SHARE_KEPT = 20 /* one in so many */ };

int prune_used_pages(struct prune *p, int64_t *pages_out)
{
	int64_t pages = 0, free_pages = 0;
	int rc = prune_get(p, PAGES, &pages);
	if (rc == 0)
		rc = prune_get(p, FREE_PAGES, &free_pages);
	if (rc == 0)
		*pages_out = pages - free_pages;
	return rc;
}

/* As many pages as there is time for; each may have to be looked for in the
 * whole list of free ones. */
static int give_back(struct prune *p, int64_t limit, int64_t *given_out)
{
	struct db_stmt *st = p->st[VACUUM];
	int64_t before = 0, after = 0, steps = 0;
	int rc = prune_get(p, PAGES, &before);
	if (rc)
		return rc;
	do
		rc = db_step(st);
	while (rc == DB_ROW && ++steps < limit && prune_has_time(p));
	db_reset(st);
	if (rc == 0 || rc == DB_ROW)
		rc = prune_get(p, PAGES, &after);
	if (rc == 0)
		*given_out = before - after;
	return rc;
}

int prune_shrink(struct prune *p, bool *has_worked)
{
	int64_t pages = 0, free_pages = 0, given = 0;
	if (!p->is_incremental)
		return 0;
	int rc = prune_get(p, FREE_PAGES, &free_pages);
	if (rc == 0)
		rc = prune_get(p, PAGES, &pages);
	int64_t kept = MAX(FREE_PAGES_KEPT, pages / FREE_SHARE_KEPT);
	if (rc || free_pages <= kept)
		return rc;
	rc = prune_begin(p);
	if (rc)
		return rc;
	rc = prune_end(p, give_back(p, free_pages - kept, &given));
	/* Another's VACUUM may have made the file one that cannot shrink. */
	*has_worked = rc == 0 && given > 0;
	p->totals.bytes_freed += *has_worked ? given * p->page_size : 0;
	return rc;
}
