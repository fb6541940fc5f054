#include "lib/path.h"

#include "lib/util.h"

#include <stdlib.h>

char *path_real(const char *path)
{
	char *real = realpath(path, NULL);
	return real ? real : xstrdup(path);
}
