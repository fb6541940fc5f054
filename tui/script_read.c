/* What argv says, by the tables. */
#include "lib/buf.h"
#include "lib/lang.h"
#include "lib/util.h"
#include "tui/script_option_table.h"

#include <errno.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	LIST_LIMIT = 1000,
	TAIL_LIMIT = 100,
	ACT_MAX = 1000,
	SIZE_MOST = 1000,
	OPTIONS_MAX = 63 /* as bits */
};

static int usage(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

static int usage(const char *fmt, ...)
{
	va_list ap;
	scoped_free char *what = NULL;
	va_start(ap, fmt);
	int len = vasprintf(&what, fmt, ap);
	va_end(ap);
	if (len >= 0)
		script_complain(_("%s; see outbox-tui --help"), what);
	return EXIT_USAGE;
}

static int read_number(const struct script_option_row *row, int64_t *out)
{
	char *end;
	errno = 0;
	long long n = strtoll(optarg, &end, 10);
	if (errno || end == optarg || *end || n < 0)
		return usage(_("a number is wanted behind --%s"), row->name);
	*out = n;
	return 0;
}

/* As the console shows it, "#12", or as a number. */
static int read_id(const struct script_option_row *row, int64_t *out)
{
	const char *text = optarg + (*optarg == '#');
	char *end;
	errno = 0;
	long long n = strtoll(text, &end, 10);
	if (errno || end == text || *end || n <= 0)
		return usage(_("a row's id is wanted behind --%s: a number "
			       "from 1 on"),
			     row->name);
	*out = n;
	return 0;
}

static int read_size(struct script_options *o)
{
	char *end;
	long cols = strtol(optarg, &end, 10);
	long lines = *end == 'x' ? strtol(end + 1, &end, 10) : 0;
	if (*end || cols < 1 || cols > SIZE_MOST || lines < 1 ||
	    lines > SIZE_MOST)
		return usage(_("a size such as 80x24 is wanted behind --size"));
	o->cols = (int)cols;
	o->rows = (int)lines;
	return 0;
}

static int adopt(struct script_options *o, const struct script_option_row *row)
{
	void *member = (char *)o + row->offset;
	switch (row->type) {
	case OPTION_FLAG:
		*(bool *)member = true;
		return 0;
	case OPTION_TEXT:
		*(const char **)member = optarg;
		return 0;
	case OPTION_NUMBER:
		return read_number(row, member);
	case OPTION_ID:
		return read_id(row, member);
	case OPTION_SIZE:
		break;
	}
	return read_size(o);
}

static int complain_option(int c, char **argv)
{
	if (c == ':')
		return usage(_("missing value for %s"), argv[optind - 1]);
	if (optopt > ' ') { /* among letters such as -xy */
		const char letter[] = {'-', (char)optopt, '\0'};
		script_complain(_("unknown option %s; a filter that begins "
				  "with - stands behind --"),
				letter);
		return EXIT_USAGE;
	}
	return usage(_("unknown option %s"), argv[optind - 1]);
}

/* given: a bit each row of the table. */
static int read_options(int argc, char **argv, struct script_options *o,
			unsigned long long *given)
{
	struct option longs[OPTIONS_MAX + 1] = {0};
	for (size_t i = 0; i < script_row_count; i++) {
		longs[i].name = script_rows[i].name;
		longs[i].has_arg = script_rows[i].argument ? required_argument
							   : no_argument;
	}
	opterr = 0;
	int index = 0;
	for (int c; (c = getopt_long(argc, argv, ":", longs, &index)) != -1;) {
		if (c == ':' || c == '?')
			return complain_option(c, argv);
		*given |= 1ULL << index;
		int rc = adopt(o, &script_rows[index]);
		if (rc)
			return rc;
	}
	return 0;
}

static int read_verb(int argc, char **argv, struct script_options *o)
{
	if (optind == argc)
		return 0;
	const char *name = argv[optind++];
	for (unsigned v = SCRIPT_STATUS; v < SCRIPT_VERB_COUNT; v++) {
		if (!strcmp(name, script_verbs[v].name))
			o->verb = (enum script_verb)v;
	}
	if (o->verb == SCRIPT_CONSOLE)
		return usage(_("unknown verb %s"), name);
	if (optind < argc && !*script_verbs[o->verb].words)
		return usage(_("unexpected argument %s"), argv[optind]);
	return 0;
}

static void set_defaults(struct script_options *o)
{
	const char *db = getenv("OUTBOX_DB");
	*o = (struct script_options){
		.db = db && *db ? db : "outbox.db",
		.limit = -1,
		.max = ACT_MAX,
		.rows = 24,
		.cols = 80,
	};
}

static int check(struct script_options *o, unsigned long long given)
{
	for (size_t i = 0; i < script_row_count; i++) {
		if ((given & (1ULL << i)) &&
		    !(script_rows[i].verbs & (1U << o->verb)))
			return usage(_("not an option of this verb: --%s"),
				     script_rows[i].name);
	}
	if (!*o->db)
		return usage(_("missing value for %s"), "--db");
	if (o->is_json && o->is_tsv)
		return usage(_("one of them, not both: --json, --tsv"));
	if (o->color && strcmp(o->color, "auto") != 0 &&
	    strcmp(o->color, "never") != 0 && strcmp(o->color, "always") != 0)
		return usage(
			_("auto, never or always is wanted behind --color"));
	if (o->limit < 0)
		o->limit = o->verb == SCRIPT_LIST ? LIST_LIMIT : TAIL_LIMIT;
	return 0;
}

int script_option_read(int argc, char **argv, struct script_options *o,
		       char **words_out)
{
	struct buf words = {0};
	unsigned long long given = 0;
	set_defaults(o);
	int rc = read_options(argc, argv, o, &given);
	if (rc == 0)
		rc = read_verb(argc, argv, o);
	if (rc == 0)
		rc = check(o, given);
	for (int i = optind; rc == 0 && i < argc; i++)
		buf_addf(&words, "%s%s", words.len ? " " : "", argv[i]);
	*words_out = words.len ? buf_detach(&words) : NULL;
	o->words = *words_out;
	return rc;
}

const char *script_option_lang(int argc, char **argv)
{
	static const char begin[] = "--lang=";
	for (int i = 1; i < argc; i++) {
		if (!strcmp(argv[i], "--lang") && i + 1 < argc)
			return argv[i + 1];
		if (!strncmp(argv[i], begin, strlen(begin)))
			return argv[i] + strlen(begin);
	}
	return NULL;
}
