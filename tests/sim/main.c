/*
 * wechat-sim: plays WeChat's side of the delivery path, for tests and for
 * people who have no AppSecret. Options, open, say that it is ready, serve,
 * close.
 */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>

#include "lib/util.h"
#include "tests/sim/options.h"
#include "tests/sim/server.h"
#include "tests/sim/sim.h"

static int write_port_file(const char *path, unsigned port)
{
	FILE *f = path ? fopen(path, "we") : NULL;
	if (!path)
		return 0;
	if (!f || fprintf(f, "%u\n", port) < 0 || fclose(f)) {
		warn("%s", path);
		return -1;
	}
	return 0;
}

static void say_goodbye(const struct sim *s)
{
	if (s->opt->is_quiet)
		return;
	fprintf(stderr,
		"wechat-sim: token=%lld invoke=%lld database=%lld send=%lld "
		"hook=%lld other=%lld sent=%lld repeated=%lld\n",
		(long long)s->calls[STAGE_TOKEN],
		(long long)s->calls[STAGE_INVOKE],
		(long long)s->calls[STAGE_DATABASE],
		(long long)s->calls[STAGE_SEND],
		(long long)s->calls[STAGE_HOOK],
		(long long)s->calls[STAGE_OTHER], (long long)s->mail.total,
		(long long)s->mail.repeated);
}

static int serve(struct sim *s)
{
	struct server *sv = server_open(s);
	if (!sv)
		return EXIT_FAILURE;
	unsigned port = server_port(sv);
	int err = write_port_file(s->opt->port_file, port);
	if (!err) {
		printf("listening on %s://127.0.0.1:%u\n",
		       s->opt->tls_cert ? "https" : "http", port);
		fflush(stdout);
		err = server_run(sv);
		say_goodbye(s);
	}
	server_close(sv);
	return err ? EXIT_FAILURE : EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
	struct options opt;
	struct sim sim = {.opt = NULL};
	int status = 2;
	util_init();
	if (options_read(&opt, argc, argv) == 0) {
		if (opt.wants_help) {
			options_print_help();
			status = EXIT_SUCCESS;
		} else if (sim_init(&sim, &opt) == 0) {
			status = serve(&sim);
		}
	}
	sim_finish(&sim);
	options_finish(&opt);
	return status;
}
