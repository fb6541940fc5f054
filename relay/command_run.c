/* outbox-relay run: everything the engine needs, in order, and out again. */
#include "relay/command.h"

#include "lib/clock.h"
#include "lib/log.h"
#include "lib/util.h"
#include "relay/engine.h"
#include "relay/lock.h"
#include "relay/store.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* Never the same twice: host, boot time and pid cannot all come again. */
static char *make_owner(void)
{
	char host[64] = "";
	gethostname(host, sizeof(host) - 1);
	return xasprintf("%s/%d/%lld", host, getpid(),
			 (long long)clock_wall_ms());
}

static int refuse_without_wechat(const struct config *config)
{
	struct config_problems problems = {0};
	if (!config_is_wechat_routed(config))
		return 0;
	size_t missing = config_missing_for_wechat(config, &problems);
	config_problems_print(&problems, stderr);
	config_problems_finish(&problems);
	return missing ? EXIT_USAGE : 0;
}

/* The settings once more, as they are now. */
static int reload(void *ctx, struct config *out)
{
	int rc = command_load_config(ctx, out);
	if (rc)
		return rc;
	rc = refuse_without_wechat(out);
	if (rc)
		config_finish(out);
	return rc;
}

static int serve(const struct options *options, const struct config *config,
		 struct store *store, const struct lock *lock)
{
	struct engine *engine = NULL;
	int64_t taken_back = 0;
	int rc = store_recover(store, clock_wall_ms(), &taken_back);
	if (rc == 0)
		rc = store_adopt(store, config);
	db_set_patience(store_db(store), COMMAND_BUSY_MS);
	if (rc == 0)
		rc = engine_create(&engine,
				   &(struct engine_options){
					   .config = config,
					   .store = store,
					   .lock = lock,
					   .is_once = options->is_once,
					   .reload = reload,
					   .reload_ctx = (void *)options,
				   });
	if (rc == 0 && taken_back)
		log_warn("rows taken back from a relay that died",
			 LOG_INT("rows", taken_back));
	if (rc == 0)
		rc = engine_run(engine);
	else
		command_complain("cannot start%s",
				 rc == DB_BUSY ? ": the database is locked by "
						 "another program"
					       : "");
	engine_destroy(engine);
	return rc ? EXIT_FAILED : EXIT_DONE;
}

static int open_and_serve(const struct options *options,
			  const struct config *config, const struct lock *lock)
{
	struct db *db = NULL, *helper = NULL;
	int rc = command_open(config->db_path, COMMAND_PATIENT_MS, &db);
	if (rc)
		return rc;
	/* A copy made by VACUUM INTO, for one, has lost it. */
	if (db_use_wal(db) ||
	    db_open(&helper, config->db_path, DB_WRITE, COMMAND_BUSY_MS)) {
		db_close(db);
		return EXIT_FAILED;
	}
	scoped_free char *owner = make_owner();
	struct store *store = store_create(db, helper, owner);
	rc = serve(options, config, store, lock);
	store_destroy(store);
	db_close(helper);
	db_close(db);
	return rc;
}

static int lock_and_serve(const struct options *options,
			  const struct config *config)
{
	struct lock lock;
	char *holder = NULL;
	/* A slip in the name leaves no lock file behind. */
	if (access(config->db_path, F_OK) != 0)
		return command_complain_missing(config->db_path);
	int rc = lock_take(&lock, config->db_path, &holder);
	if (rc == LOCK_HELD) {
		command_complain("%s: another relay serves it already (%s)",
				 config->db_path, holder);
		free(holder);
		return EXIT_HELD_BY_OTHER;
	}
	if (rc)
		return EXIT_FAILED;
	rc = open_and_serve(options, config, &lock);
	lock_release(&lock);
	return rc;
}

int command_run(const struct options *options)
{
	struct config config = {0};
	int rc = command_load_config(options, &config);
	if (rc)
		return rc;
	rc = refuse_without_wechat(&config);
	if (rc == 0) {
		/* The WAL and its index must stay writable for the group. */
		umask(0007);
		rc = lock_and_serve(options, &config);
	}
	config_finish(&config);
	return rc;
}
