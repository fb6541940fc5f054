#include "tui/access.h"

#include "lib/lang.h"
#include "lib/util.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool is_denied(const char *path, int mode)
{
	return euidaccess(path, mode) != 0 && errno != ENOENT;
}

static bool is_missing(const char *path)
{
	return euidaccess(path, F_OK) != 0 && errno == ENOENT;
}

/* SQLite keeps its log where a symbolic link leads. */
static char *real_path(const char *path)
{
	char *real = realpath(path, NULL);
	return real ? real : xstrdup(path);
}

static char *folder_of(const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash ? xstrndup(path, MAX((size_t)(slash - path), (size_t)1))
		     : xstrdup(".");
}

static char *log_problem(const char *path, bool is_for_writing)
{
	static const char *const ends[] = {"-wal", "-shm"};
	scoped_free char *folder = folder_of(path);
	for (size_t i = 0; i < ARRAY_LEN(ends); i++) {
		scoped_free char *log = xasprintf("%s%s", path, ends[i]);
		if (is_missing(log) && is_denied(folder, W_OK))
			return xasprintf(
				_("you may not write the folder %s, where "
				  "SQLite keeps its log: become a member of "
				  "the group that outbox-relay init --group "
				  "names"),
				folder);
		if (is_denied(log, is_for_writing ? R_OK | W_OK : R_OK))
			return xasprintf(
				_("you may not use %s: become a member of the "
				  "group that outbox-relay init --group names"),
				log);
	}
	return NULL;
}

char *access_problem(const char *path, bool is_for_writing)
{
	scoped_free char *real = real_path(path);
	if (is_missing(real))
		return NULL;
	if (is_denied(real, R_OK))
		return xstrdup(_("you may not read this file: become a member "
				 "of the group that outbox-relay init --group "
				 "names"));
	if (is_for_writing && is_denied(real, W_OK))
		return xstrdup(_("you may not write this file: become a member "
				 "of the group that outbox-relay init --group "
				 "names"));
	return log_problem(real, is_for_writing);
}
