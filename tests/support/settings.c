#include "tests/support/settings.h"

#include "lib/util.h"
#include "relay/config_table.h"
#include "tests/support/check.h"
#include "tests/support/tempdir.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct place {
	char *dir;   /* own */
	char *start; /* own; the working directory of before */
};

static void clear_environment(void)
{
	for (size_t i = 0; environ[i];) {
		char *name = xstrndup(environ[i], strcspn(environ[i], "="));
		if (config_table_has_prefix(name))
			unsetenv(name);
		else
			i++;
		free(name);
	}
}

int settings_set_up(void **state)
{
	util_init();
	clear_environment();
	struct place *place = xcalloc(1, sizeof(*place));
	place->start = getcwd(NULL, 0);
	assert_non_null(place->start);
	place->dir = tempdir_create("settings");
	assert_int_equal(chdir(place->dir), 0);
	*state = place;
	return 0;
}

int settings_tear_down(void **state)
{
	struct place *place = *state;
	int rc = chdir(place->start);
	tempdir_destroy(place->dir);
	free(place->start);
	free(place);
	return rc;
}

void settings_write(const char *name, const char *text)
{
	FILE *f = fopen(name, "w");
	assert_non_null(f);
	fputs(text, f);
	fclose(f);
	assert_int_equal(chmod(name, 0600), 0);
}

char *settings_problems(const struct config_problems *p)
{
	char *text = NULL;
	size_t len = 0;
	FILE *f = open_memstream(&text, &len);
	config_problems_print(p, f);
	fclose(f);
	return text;
}

char *settings_printed(void (*print)(FILE *))
{
	char *text = NULL;
	size_t len = 0;
	FILE *f = open_memstream(&text, &len);
	print(f);
	fclose(f);
	return text;
}

int settings_load(struct config *c, char **said_out)
{
	static const char *const files[] = {"a.env"};
	struct config_problems p = {0};
	int rc = config_load(c, files, 1, &p);
	assert_int_equal(rc, p.error_count ? CONFIG_INVALID : 0);
	*said_out = settings_problems(&p);
	config_problems_finish(&p);
	return rc;
}
