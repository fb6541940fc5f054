/* See options.h. */
#include "tests/sim/options.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/util.h"

enum option_kind {
	OPTION_NUMBER,
	OPTION_SECONDS, /* fractions allowed; kept in microseconds */
	OPTION_MILLIS,	/* the same */
	OPTION_STRING,
	OPTION_PAIR, /* two strings side by side */
	OPTION_LIST, /* may be given again and again */
	OPTION_FLAG
};

struct option_row {
	const char *name;
	enum option_kind kind;
	size_t offset;
	int64_t max; /* of a number; it is never negative */
	const char *preset;
	const char *args;
	const char *help;
};

/* OPTION_PAIR fills two neighbours. */
static_assert(offsetof(struct options, tls_key) ==
		      offsetof(struct options, tls_cert) + sizeof(char *),
	      "a pair");

#define AT(field) offsetof(struct options, field)

/* clang-format off */
static const struct option_row rows[] = {
	{"port", OPTION_NUMBER, AT(port), 65535, "0", "N",
	 "port on 127.0.0.1; 0: any that is free"},
	{"port-file", OPTION_STRING, AT(port_file), 0, NULL, "FILE",
	 "write the port to this file"},
	{"journal", OPTION_STRING, AT(journal), 0, NULL, "FILE",
	 "append one line of JSON a call"},
	{"tls", OPTION_PAIR, AT(tls_cert), 0, NULL, "CERT KEY",
	 "serve https with these PEM files"},
	{"appid", OPTION_STRING, AT(appid), 0, "wxb2c4e35d16d99fd3", "ID",
	 "the account's AppID"},
	{"secret", OPTION_STRING, AT(secret), 0,
	 "0123456789abcdef0123456789abcdef", "HEX", "its AppSecret"},
	{"env", OPTION_STRING, AT(env), 0, "cloud1-4gi0bpoje72fedd1", "ID",
	 "its cloud environment"},
	{"function", OPTION_STRING, AT(function), 0, "quickstartFunctions",
	 "NAME", "the cloud function deployed there"},
	{"type", OPTION_LIST, AT(types), 0, NULL, "TYPE",
	 "one more type that the function knows; may be repeated"},
	{"template", OPTION_LIST, AT(templates), 0, NULL, "ID",
	 "a template of the account; none given: any id will do"},
	{"token-ttl", OPTION_SECONDS, AT(token_ttl_us), 0, "7200", "SECONDS",
	 "life of a token"},
	{"grace", OPTION_SECONDS, AT(grace_us), 0, "300", "SECONDS",
	 "how long a replaced classic token still works"},
	{"force-gap", OPTION_SECONDS, AT(force_gap_us), 0, "30", "SECONDS",
	 "least time between two forced refreshes"},
	{"force-max", OPTION_NUMBER, AT(force_max), 1000000000, "20", "N",
	 "forced refreshes a day"},
	{"latency", OPTION_MILLIS, AT(latency_us), 0, "0", "MS",
	 "time that every answer takes"},
	{"users", OPTION_STRING, AT(users), 0, NULL, "FILE",
	 "JSON array of {id, openid, credits} in place of the built-in users"},
	{"script", OPTION_STRING, AT(script), 0, NULL, "FILE",
	 "JSON array of fault rules to begin with"},
	{"seed", OPTION_NUMBER, AT(seed), INT64_MAX, "1", "N",
	 "seed of the faults that have a rate"},
	{"no-dedup", OPTION_FLAG, AT(is_forgetful), 0, NULL, "",
	 "the function sends repeats of a notificationId again"},
	{"quiet", OPTION_FLAG, AT(is_quiet), 0, NULL, "",
	 "no summary on stderr at the end"},
	{"help", OPTION_FLAG, AT(wants_help), 0, NULL, "", "this text"},
};
/* clang-format on */

static int set_number(int64_t *field, const char *value, int64_t max)
{
	char *end = NULL;
	unsigned long long n = strtoull(value, &end, 10);
	if (*value < '0' || *value > '9' || *end || n > (uint64_t)max)
		return -1;
	*field = (int64_t)n;
	return 0;
}

static int set_micros(int64_t *field, const char *value, double unit_us)
{
	char *end = NULL;
	double n = strtod(value, &end);
	if (end == value || *end || !isfinite(n) || n < 0 || n > 1e9)
		return -1;
	*field = (int64_t)(n * unit_us + 0.5);
	return 0;
}

static void add_to_list(struct option_list *list, const char *value)
{
	size_t size = (list->count + 1) * sizeof(*list->items);
	list->items = xrealloc(list->items, size);
	list->items[list->count++] = value;
}

static int set_row(struct options *o, const struct option_row *row,
		   const char *value)
{
	void *field = (char *)o + row->offset;
	switch (row->kind) {
	case OPTION_NUMBER:
		return set_number(field, value, row->max);
	case OPTION_SECONDS:
		return set_micros(field, value, 1e6);
	case OPTION_MILLIS:
		return set_micros(field, value, 1e3);
	case OPTION_STRING:
	case OPTION_PAIR:
		*(const char **)field = value;
		return 0;
	case OPTION_LIST:
		add_to_list(field, value);
		return 0;
	case OPTION_FLAG:
		*(bool *)field = true;
		return 0;
	}
	return -1;
}

static const struct option_row *find_row(const char *arg, size_t name_len)
{
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		if (strlen(rows[i].name) == name_len &&
		    memcmp(rows[i].name, arg, name_len) == 0)
			return &rows[i];
	}
	return NULL;
}

static int complain(const char *arg, const char *what)
{
	fprintf(stderr, "wechat-sim: %s: %s (see --help)\n", arg, what);
	return -1;
}

/* Reads the option at argv[*at] and leaves *at behind its last argument. */
static int read_one(struct options *o, int argc, char **argv, int *at)
{
	const char *arg = argv[(*at)++];
	if (strncmp(arg, "--", 2) != 0)
		return complain(arg, "not an option");
	size_t name_len = strcspn(arg + 2, "=");
	bool has_value = arg[2 + name_len] == '=';
	const struct option_row *row = find_row(arg + 2, name_len);
	if (!row)
		return complain(arg, "unknown option");
	if (has_value && row->kind != OPTION_FLAG && row->kind != OPTION_PAIR)
		return set_row(o, row, arg + 2 + name_len + 1)
			       ? complain(arg, "bad value")
			       : 0;
	int wanted = row->kind == OPTION_FLAG	? 0
		     : row->kind == OPTION_PAIR ? 2
						: 1;
	if (has_value || argc - *at < wanted)
		return complain(arg, "wrong number of arguments");
	const char *value = wanted ? argv[*at] : NULL;
	if (set_row(o, row, value))
		return complain(arg, "bad value");
	if (row->kind == OPTION_PAIR)
		((const char **)((char *)o + row->offset))[1] = argv[*at + 1];
	*at += wanted;
	return 0;
}

int options_read(struct options *o, int argc, char **argv)
{
	*o = (struct options){.port = 0};
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		if (rows[i].preset)
			set_row(o, &rows[i], rows[i].preset);
	}
	for (int at = 1; at < argc;) {
		if (read_one(o, argc, argv, &at))
			return -1;
	}
	if (o->token_ttl_us <= 0)
		return complain("--token-ttl", "must be more than 0");
	return 0;
}

void options_finish(struct options *o)
{
	free(o->types.items);
	free(o->templates.items);
	*o = (struct options){.port = 0};
}

void options_print_help(void)
{
	puts("usage: wechat-sim [OPTION]...\n"
	     "Plays WeChat's side on the loopback interface until SIGTERM.\n");
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct option_row *row = &rows[i];
		char left[40];
		snprintf(left, sizeof(left), "--%s %s", row->name, row->args);
		printf("  %-22s %s", left, row->help);
		if (row->preset)
			printf(" [%s]", row->preset);
		putchar('\n');
	}
	puts("\nIt is controlled under /sim/: see tests/sim/control.h, and for "
	     "the rules of\n"
	     "--script and POST /sim/faults tests/sim/fault.h.");
}
