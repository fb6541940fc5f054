#include "tests/support/script.h"

#include "lib/util.h"
#include "tests/support/paths.h"

#include <stdlib.h>
#include <string.h>

static const char *const env[] = {"LC_ALL=C.UTF-8", "LANGUAGE=en",
				  "TZ=UTC",	    "XDG_CONFIG_HOME=/nowhere",
				  "OUTBOX_DB",	    NULL};

struct command {
	const char *argv[SCRIPT_ARGS_MAX];
	char *program, *words; /* own */
};

static struct proc_spec command_init(struct command *c, struct scene *s,
				     const char *args)
{
	size_t n = 0;
	c->program = paths_build("outbox-tui");
	c->words = xstrdup(args);
	c->argv[n++] = c->program;
	c->argv[n++] = "--db";
	c->argv[n++] = s->fix->path;
	for (char *word = strtok(c->words, " "); word;
	     word = strtok(NULL, " ")) {
		assert_true(n < SCRIPT_ARGS_MAX - 1);
		c->argv[n++] = word;
	}
	c->argv[n] = NULL;
	return (struct proc_spec){
		.argv = c->argv, .env = env, .dir = s->fix->dir, .name = "tui"};
}

static void command_finish(struct command *c)
{
	free(c->program);
	free(c->words);
}

struct script script_run(struct scene *s, const char *args)
{
	struct script script = {0};
	struct command c;
	struct proc_spec spec = command_init(&c, s, args);
	script.rc = proc_run(&spec, SCRIPT_MS, &script.out, &script.err);
	command_finish(&c);
	return script;
}

void script_start(struct scene *s, struct proc *p, const char *args)
{
	struct command c;
	struct proc_spec spec = command_init(&c, s, args);
	proc_start(p, &spec);
	command_finish(&c);
}

void script_finish(struct script *script)
{
	free(script->out);
	free(script->err);
}

cJSON *script_json(struct scene *s, int rc, const char *args)
{
	struct script run = script_run(s, args);
	if (run.rc != rc)
		fail_msg("%s: %d: %s%s", args, run.rc, run.out, run.err);
	cJSON *json = cJSON_Parse(run.out);
	if (!json)
		fail_msg("%s: %s", args, run.out);
	script_finish(&run);
	return json;
}

double script_number(const cJSON *json, const char *name)
{
	const cJSON *item = script_member(json, name);
	assert_true(cJSON_IsNumber(item));
	return item->valuedouble;
}

const char *script_text(const cJSON *json, const char *name)
{
	const cJSON *item = script_member(json, name);
	assert_true(cJSON_IsString(item));
	return item->valuestring;
}

const cJSON *script_member(const cJSON *json, const char *name)
{
	const cJSON *item = cJSON_GetObjectItemCaseSensitive(json, name);
	if (!item)
		fail_msg("there is no %s", name);
	return item;
}
