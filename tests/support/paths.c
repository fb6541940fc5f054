#include "tests/support/paths.h"

#include "lib/util.h"
#include "tests/support/check.h"

#include <limits.h>
#include <string.h>
#include <unistd.h>

/* This program is build[/san]/tests/KIND/NAME: cuts the path in front of
 * `part`, the last one of that name. */
static void cut_exe(char path[static PATH_MAX], const char *part)
{
	ssize_t len = readlink("/proc/self/exe", path, PATH_MAX - 1);
	assert_true(len > 0);
	path[len] = '\0';
	char *cut = NULL;
	for (char *p = path; (p = strstr(p, part)); p++)
		cut = p;
	if (!cut)
		fail_msg("%s is not below %s", path, part);
	else
		*cut = '\0';
}

char *paths_build(const char *name)
{
	char path[PATH_MAX];
	cut_exe(path, "/tests/");
	return xasprintf("%s/%s", path, name);
}

char *paths_source(const char *name)
{
	char path[PATH_MAX];
	cut_exe(path, "/build/");
	return xasprintf("%s/%s", path, name);
}
