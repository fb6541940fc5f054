#include "tests/support/twin.h"

#include "lib/util.h"
#include "relay/command.h"

#include <curl/curl.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

/* PROGRAM run --db FILE */
enum { ARGUMENTS = 4 };

bool twin_is_wanted(int argc, char **argv)
{
	return argc == ARGUMENTS && strcmp(argv[1], "run") == 0;
}

int twin_run(int argc, char **argv)
{
	struct options options = {.db = argv[argc - 1]};
	util_init();
	curl_global_init(CURL_GLOBAL_DEFAULT);
	int rc = command_run(&options);
	curl_global_cleanup();
	return rc;
}

void twin_start(struct scene *s, const char *const *env)
{
	char self[PATH_MAX] = "";
	assert_true(readlink("/proc/self/exe", self, sizeof(self) - 1) > 0);
	relayproc_start(&s->relay, &(struct relay_setup){
					   .dir = s->fix->dir,
					   .db = s->fix->path,
					   .base = s->sim.base,
					   .env = env,
					   .program = self,
				   });
}

void twin_start_ready(struct scene *s, const char *const *env)
{
	twin_start(s, env);
	relayproc_wait_ready(&s->relay, s->fix->db, SCENE_DEADLINE_MS);
}
