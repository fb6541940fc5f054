#include "tests/support/relayproc.h"

#include "lib/util.h"
#include "tests/support/check.h"
#include "tests/support/outbox.h"
#include "tests/support/paths.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

enum { LIST_MAX = 64, VERB_MS = 30000 };

static const char *const settings[] = {
	"MINIPROGRAM_APPID=wxb2c4e35d16d99fd3",
	"MINIPROGRAM_APPSECRET=0123456789abcdef0123456789abcdef",
	"MINIPROGRAM_CLOUD_ENV=cloud1-4gi0bpoje72fedd1",
	"RELAY_BACKOFF=50ms,100ms,200ms",
	"OUTBOX_DB",
};

static size_t add(const char **list, size_t n, const char *const *more)
{
	for (; more && *more; more++) {
		assert_true(n < LIST_MAX - 1);
		list[n++] = *more;
	}
	return n;
}

struct command {
	const char *argv[LIST_MAX];
	const char *env[LIST_MAX];
	char *program; /* own */
	char *base;    /* own */
	char *wrap;    /* own; NULL: nothing */
};

/* What `make valgrind` wants in front of the relay. */
static size_t add_wrap(struct command *c)
{
	size_t n = 0;
	c->wrap = xstrdup_or_null(getenv("TEST_WRAP"));
	for (char *word = c->wrap ? strtok(c->wrap, " ") : NULL; word;
	     word = strtok(NULL, " "))
		c->argv[n++] = word;
	return n;
}

static void command_init(struct command *c, const struct relay_setup *setup,
			 const char *verb)
{
	*c = (struct command){
		.program = setup->program ? xstrdup(setup->program)
					  : paths_build("outbox-relay"),
	};
	c->base = xasprintf("WECHAT_API_BASE=%s",
			    setup->base ? setup->base : "http://127.0.0.1:9");
	const char *head[] = {c->program, verb, setup->db ? "--db" : NULL,
			      setup->db, NULL};
	size_t n = add_wrap(c);
	add(c->argv, add(c->argv, n, head), setup->args);
	for (size_t i = 0; i < ARRAY_LEN(settings); i++)
		c->env[i] = settings[i];
	c->env[ARRAY_LEN(settings)] = c->base;
	add(c->env, ARRAY_LEN(settings) + 1, setup->env);
}

static void command_finish(struct command *c)
{
	free(c->program);
	free(c->base);
	free(c->wrap);
}

void relayproc_start(struct proc *p, const struct relay_setup *setup)
{
	struct command c;
	command_init(&c, setup, "run");
	proc_start(p, &(struct proc_spec){.argv = c.argv,
					  .env = c.env,
					  .dir = setup->dir,
					  .name = "relay"});
	command_finish(&c);
}

void relayproc_wait_ready(const struct proc *p, sqlite3 *db, int deadline_ms)
{
	scoped_free char *sql = xasprintf("SELECT count(*) FROM outbox_relay"
					  " WHERE state = 'running'"
					  " AND pid = %ld",
					  (long)p->pid);
	outbox_wait(db, sql, "1", deadline_ms);
}

int relayproc_stop(struct proc *p, int deadline_ms)
{
	proc_signal(p, SIGTERM);
	return proc_wait(p, deadline_ms);
}

int relayproc_verb(const struct relay_setup *setup, const char *verb,
		   char **out_out, char **err_out)
{
	struct command c;
	command_init(&c, setup, verb);
	int status = proc_run(&(struct proc_spec){.argv = c.argv,
						  .env = c.env,
						  .dir = setup->dir,
						  .name = verb},
			      VERB_MS, out_out, err_out);
	command_finish(&c);
	return status;
}
