/* outbox-relay init: the tables, what the settings say, and who may write. */
#include "relay/command.h"

#include "lib/buf.h"
#include "lib/util.h"
#include "relay/lock.h"
#include "relay/share.h"
#include "relay/store.h"
#include "schema/migrate.h"

#include <stdio.h>
#include <sys/stat.h>

static int migrate(struct db *db, const char *path)
{
	static const char *const done[] = {
		[SCHEMA_CURRENT] = "is up to date",
		[SCHEMA_MISSING] = "has its outbox now",
		[SCHEMA_OLDER] = "was brought up to date",
	};
	enum schema_state state;
	int rc = schema_migrate(db, &state);
	if (rc) {
		command_complain(
			"%s: %s", path,
			rc == DB_BUSY ? "locked by another program; stop the "
					"relay and try again"
				      : db_message(db));
		return EXIT_FAILED;
	}
	if (state == SCHEMA_NEWER || state == SCHEMA_FOREIGN) {
		command_complain("%s: %s", path, schema_explain(state));
		return EXIT_FAILED;
	}
	printf("%s %s\n", path, done[state]);
	return 0;
}

static int share(const char *path, const char *group)
{
	scoped_buf why = {0};
	if (share_with_group(path, group, &why)) {
		command_complain("%s", buf_str(&why));
		return EXIT_FAILED;
	}
	printf("members of group %s can write %s\n", group, path);
	return 0;
}

/* A relay that is running has settings of its own, which these must not
 * replace behind its back. */
static int adopt(struct db *db, const struct config *config)
{
	struct lock lock;
	scoped_free char *holder = NULL;
	int taken = lock_take(&lock, config->db_path, &holder);
	if (taken == LOCK_HELD) {
		printf("a relay is running (%s) and keeps its settings; send "
		       "it SIGHUP for new ones\n",
		       holder);
		return 0;
	}
	if (taken < 0)
		return EXIT_FAILED;
	struct store *store = store_create(db, NULL, "init");
	int rc = store_adopt(store, config);
	store_destroy(store);
	lock_release(&lock);
	return rc ? EXIT_FAILED : 0;
}

int command_init(const struct options *options)
{
	struct config config = {0};
	struct db *db = NULL;
	int rc = command_load_config(options, &config);
	if (rc)
		return rc;
	if (options->group)
		umask(0007);
	rc = db_open(&db, config.db_path, DB_CREATE, COMMAND_PATIENT_MS);
	if (rc) {
		command_complain("%s: cannot be created or opened as a "
				 "database: look at the directory's "
				 "permissions",
				 config.db_path);
		rc = EXIT_FAILED;
	}
	if (rc == 0)
		rc = migrate(db, config.db_path);
	if (rc == 0)
		rc = adopt(db, &config);
	if (rc == 0 && options->group)
		rc = share(config.db_path, options->group);
	db_close(db);
	config_finish(&config);
	return rc;
}
