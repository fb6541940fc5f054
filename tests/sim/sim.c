/* See sim.h. */
#include "tests/sim/sim.h"

#include <err.h>
#include <stdlib.h>

#include "lib/util.h"
#include "tests/sim/file.h"
#include "tests/sim/journal.h"

/* The JSON in a file; NULL, having said so, if there is none. */
static cJSON *read_json(const char *path)
{
	scoped_buf text = {.data = NULL};
	if (file_read(path, &text))
		return NULL;
	cJSON *value = cJSON_ParseWithOpts(buf_str(&text), NULL, 1);
	if (!value)
		warnx("%s: not JSON", path);
	return value;
}

static int load_users(struct sim *s, const char *path)
{
	if (!path)
		return 0;
	scoped_json *value = read_json(path);
	if (!value)
		return -1;
	const char *complaint = user_book_load(&s->users, value);
	if (complaint)
		warnx("%s: %s", path, complaint);
	return complaint ? -1 : 0;
}

static int load_script(struct sim *s, const char *path)
{
	if (!path)
		return 0;
	scoped_json *value = read_json(path);
	if (!value)
		return -1;
	scoped_free char *complaint = fault_book_load(&s->faults, value);
	if (complaint)
		warnx("%s: %s", path, complaint);
	return complaint ? -1 : 0;
}

int sim_init(struct sim *s, const struct options *opt)
{
	*s = (struct sim){
		.opt = opt,
		.secret = xstrdup(opt->secret),
		.dice = {.state = (uint64_t)opt->seed},
	};
	token_office_init(&s->tokens, &(struct token_rules){
					      .ttl_us = opt->token_ttl_us,
					      .grace_us = opt->grace_us,
					      .force_gap_us = opt->force_gap_us,
					      .force_max = opt->force_max,
				      });
	user_book_init(&s->users);
	template_book_init(&s->templates, &opt->templates);
	if (load_users(s, opt->users) || load_script(s, opt->script))
		return -1;
	if (!opt->journal)
		return 0;
	s->journal = journal_open(opt->journal);
	return s->journal ? 0 : -1;
}

void sim_finish(struct sim *s)
{
	journal_close(s->journal);
	fault_book_finish(&s->faults);
	mailroom_finish(&s->mail);
	user_book_finish(&s->users);
	template_book_finish(&s->templates);
	token_office_finish(&s->tokens);
	free(s->secret);
	*s = (struct sim){.opt = NULL};
}
