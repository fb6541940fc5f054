#include "relay/command.h"

#include "lib/util.h"
#include "schema/migrate.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

void command_complain(const char *fmt, ...)
{
	va_list ap;
	fputs("outbox-relay: ", stderr);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
}

int command_load_config(const struct options *options, struct config *out)
{
	struct config_problems problems = {0};
	int rc = config_load(out, options->env_files, options->env_file_count,
			     &problems);
	config_problems_print(&problems, stderr);
	config_problems_finish(&problems);
	if (rc)
		return EXIT_USAGE;
	log_set_level(out->log_level);
	log_set_format(out->log_format);
	if (options->db) {
		free(out->db_path);
		out->db_path = xstrdup(options->db);
	}
	return 0;
}

int command_complain_missing(const char *path)
{
	command_complain("%s: no such file: run outbox-relay init --db %s",
			 path, path);
	return EXIT_FAILED;
}

int command_open(const char *path, int busy_ms, struct db **db_out)
{
	struct db *db;
	int rc = db_open(&db, path, DB_WRITE, busy_ms);
	if (rc == DB_MISSING)
		return command_complain_missing(path);
	enum schema_state state = SCHEMA_CURRENT;
	if (rc == 0)
		rc = schema_look(db, &state);
	if (rc == 0 && state == SCHEMA_CURRENT) {
		*db_out = db;
		return 0;
	}
	if (rc == DB_BUSY)
		command_complain("%s: locked by another program; try again",
				 path);
	else if (rc == 0)
		command_complain("%s: %s", path, schema_explain(state));
	else
		command_complain("%s: cannot be opened as a database", path);
	if (rc == 0)
		db_close(db);
	return EXIT_FAILED;
}
