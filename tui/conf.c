#include "tui/conf_table.h"

#include "lib/lang.h"
#include "lib/text.h"
#include "lib/util.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FILE_MAX = 256 * 1024 };

struct reader {
	struct conf *conf;
	const char *path;
	int line;
	bool is_own; /* the file is the user's, or root's */
	char *problem;
};

static char *find_dir(void)
{
	const char *config = getenv("XDG_CONFIG_HOME");
	const char *home = getenv("HOME");
	if (config && *config == '/')
		return xasprintf("%s/outbox", config);
	if (home && *home == '/')
		return xasprintf("%s/.config/outbox", home);
	return NULL;
}

void conf_init(struct conf *c)
{
	*c = (struct conf){.keymap = keymap_create(), .dir = find_dir()};
	for (size_t i = 0; i < conf_table_len; i++)
		conf_row_set(&conf_table[i], c, conf_table[i].fallback);
}

void conf_finish(struct conf *c)
{
	keymap_destroy(c->keymap);
	free(c->color);
	free(c->copy_command);
	free(c->dir);
	*c = (struct conf){0};
}

/* Says what is wrong with the line; the caller's text is ended. */
static int fail(struct reader *r, char *problem)
{
	scoped_free char *clean = text_clean(problem, strlen(problem));
	r->problem = xasprintf("%s:%d: %s", r->path, r->line, clean);
	free(problem);
	return -1;
}

static char *trim(char *text)
{
	text += strspn(text, " \t");
	size_t len = strlen(text);
	while (len > 0 && strchr(" \t\r\n", text[len - 1]))
		len--;
	text[len] = '\0';
	return text;
}

static int read_setting(struct reader *r, char *line)
{
	char *equals = strchr(line, '=');
	if (!equals)
		return fail(r, xstrdup(_("this is neither key = value nor "
					 "bind VIEW KEY ACTION")));
	*equals = '\0';
	const char *name = trim(line), *value = trim(equals + 1);
	const struct conf_row *row = conf_row_find(name);
	if (!row)
		return fail(r,
			    xasprintf(_("there is no setting \"%s\""), name));
	if (row->type == CONF_COMMAND && !r->is_own && *value)
		return fail(r, xasprintf(_("%s counts only in a file of your "
					   "own"),
					 name));
	if (conf_row_set(row, r->conf, value) == 0)
		return 0;
	scoped_free char *values = conf_row_values(row);
	return fail(r, xasprintf(_("%s cannot be \"%s\": %s"), name, value,
				 values));
}

static char *bind_problem(enum keymap_outcome outcome, const char *view,
			  const char *key, const char *action)
{
	switch (outcome) {
	case KEYMAP_OK:
		break;
	case KEYMAP_NO_KEY:
		return xasprintf(_("no key has the name \"%s\""), key);
	case KEYMAP_NO_ACTION:
		return xasprintf(_("no action has the name \"%s\""), action);
	case KEYMAP_NO_VIEW:
		return xasprintf(_("no view has the name \"%s\": all, home, "
				   "list, failed, groups, detail, log, audit"),
				 view);
	case KEYMAP_NOT_ALLOWED:
		return xasprintf(_("%s changes the outbox: its key must be an "
				   "upper-case letter"),
				 action);
	case KEYMAP_NOT_THERE:
		return xasprintf(_("%s is not known in the view %s"), action,
				 view);
	case KEYMAP_CLASH:
		return xasprintf(_("a line before gave %s in %s to another "
				   "action"),
				 key, view);
	}
	return NULL;
}

static int read_bind(struct reader *r, char *line)
{
	char *rest = NULL;
	strtok_r(line, " \t", &rest);
	const char *view = strtok_r(NULL, " \t", &rest);
	const char *key = strtok_r(NULL, " \t", &rest);
	const char *action = strtok_r(NULL, " \t", &rest);
	if (!action || strtok_r(NULL, " \t", &rest))
		return fail(r, xstrdup(_("write: bind VIEW KEY ACTION")));
	enum keymap_outcome outcome =
		keymap_bind(r->conf->keymap, view, key, action, r->line);
	char *problem = bind_problem(outcome, view, key, action);
	return problem ? fail(r, problem) : 0;
}

static bool is_bind(const char *line)
{
	return strncmp(line, "bind", 4) == 0 && strchr(" \t", line[4]);
}

static int read_lines(struct reader *r, FILE *file)
{
	char *line = NULL;
	size_t cap = 0, total = 0;
	int rc = 0;
	for (ssize_t len; rc == 0 && (len = getline(&line, &cap, file)) > 0;) {
		r->line++;
		total += (size_t)len;
		if (total > FILE_MAX || strlen(line) != (size_t)len)
			rc = fail(r, xstrdup(_("this is no text, or too "
					       "much")));
		char *text = trim(line);
		if (rc)
			break;
		if (is_bind(text))
			rc = read_bind(r, text);
		else if (*text != '#' && *text)
			rc = read_setting(r, text);
	}
	free(line);
	return rc;
}

int conf_read(struct conf *c, const char *path, char **problem_out)
{
	scoped_free char *own =
		c->dir ? xasprintf("%s/console.conf", c->dir) : NULL;
	struct reader r = {.conf = c, .path = path ? path : own};
	struct stat st;
	if (!r.path)
		return 0;
	FILE *file = fopen(r.path, "re");
	if (!file && errno == ENOENT)
		return 0;
	if (!file || fstat(fileno(file), &st) || !S_ISREG(st.st_mode)) {
		*problem_out =
			xasprintf(_("%s cannot be read: %s"), r.path,
				  file ? _("it is no file") : strerror(errno));
		if (file)
			fclose(file);
		return -1;
	}
	r.is_own = st.st_uid == geteuid() || st.st_uid == 0;
	int rc = read_lines(&r, file);
	fclose(file);
	if (rc)
		*problem_out = r.problem;
	return rc;
}

static void print_actions(FILE *out)
{
	for (int i = ACTION_NONE + 1; i < ACTION_COUNT; i++) {
		const struct action_row *row = action_row((enum action)i);
		fprintf(out, "#   %-16s %-14s %s\n", row->name, row->keys,
			_(row->help));
	}
}

void conf_print_sample(FILE *out)
{
	for (size_t i = 0; i < conf_table_len; i++) {
		const struct conf_row *row = &conf_table[i];
		scoped_free char *values = conf_row_values(row);
		fprintf(out, "# %s (%s)\n#%s = %s\n\n", _(row->help), values,
			row->name, row->fallback);
	}
	fprintf(out, "# %s\n",
		_("bind VIEW KEY ACTION, where VIEW is all, home, list, "
		  "failed, groups, detail, log or audit"));
	fprintf(out, "# %s\n",
		_("and ACTION is none, or one of these (with its keys):"));
	print_actions(out);
	fprintf(out, "#bind list D half-page-down\n");
}
