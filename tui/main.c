/*
 * outbox-tui: the console for operators, and the same for scripts.
 */
#include "lib/lang.h"
#include "lib/log.h"
#include "lib/util.h"
#include "tui/console.h"
#include "tui/script_option.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool wants(int argc, char **argv, const char *option)
{
	for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
		if (!strcmp(argv[i], option))
			return true;
	}
	return false;
}

static int run_console(const struct script_options *o)
{
	struct conf conf;
	int rc = script_conf(o, &conf);
	if (rc == 0) {
		struct actor actor;
		actor_init_self(&actor);
		rc = console_run(&(struct console_options){
			.db_path = o->db,
			.conf = &conf,
			.actor = &actor,
			.is_read_only = o->is_read_only,
			.is_unmasked = o->is_unmasked,
			.is_ascii = o->is_ascii,
			.color = o->color,
			.trace_path = o->trace_frames,
		});
		actor_finish(&actor);
	}
	conf_finish(&conf);
	return rc;
}

/* Never a screen for a file or a pipe. */
static int run(const struct script_options *o)
{
	script_run verb = script_option_run(o->verb);
	if (verb)
		return verb(o);
	if (!o->is_once && isatty(STDOUT_FILENO))
		return run_console(o);
	int rc = script_once(o);
	if (rc == 0 && !o->is_once)
		script_complain(_("this is the overview, since stdout is no "
				  "terminal; outbox-tui --help lists what "
				  "scripts can ask for"));
	return rc;
}

/* What is asked for without a database: true if it was. */
static bool tell(int argc, char **argv)
{
	if (wants(argc, argv, "--help"))
		script_option_usage(stdout);
	else if (wants(argc, argv, "--version"))
		puts("outbox-tui " OUTBOX_VERSION);
	else if (wants(argc, argv, "--sample"))
		conf_print_sample(stdout);
	else
		return false;
	return true;
}

int main(int argc, char **argv)
{
	struct script_options o;
	char *words = NULL;
	util_init();
	log_mute();
	const char *lang = script_option_lang(argc, argv);
	if (lang_init(lang)) {
		lang_init(NULL);
		script_complain(_("--lang %s: there are en and zh"), lang);
		return EXIT_USAGE;
	}
	if (tell(argc, argv))
		return EXIT_DONE;
	int rc = script_option_read(argc, argv, &o, &words);
	if (rc == 0)
		rc = run(&o);
	free(words);
	if (fflush(stdout) && rc == 0)
		rc = EXIT_FAILED;
	return rc;
}
