#include "tui/script.h"

#include "lib/clock.h"
#include "lib/lang.h"
#include "lib/text.h"
#include "lib/util.h"
#include "tui/rows.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { REST_US = 20000, SLICE_US = 50000, LABEL_CELLS = 12 };

void script_complain(const char *fmt, ...)
{
	va_list ap;
	char *text = NULL;
	va_start(ap, fmt);
	int len = vasprintf(&text, fmt, ap);
	va_end(ap);
	if (len < 0)
		return;
	scoped_free char *clean = text_clean(text, (size_t)len);
	free(text);
	fprintf(stderr, "outbox-tui: %s\n", clean);
}

const char *script_state(enum message_status status)
{
	static const char *const words[MESSAGE_STATUS_COUNT] = {
		[MESSAGE_PENDING] = N_("state|pending"),
		[MESSAGE_SENDING] = N_("state|SENDING"),
		[MESSAGE_DELIVERED] = N_("state|done"),
		[MESSAGE_FAILED] = N_("state|FAILED"),
		[MESSAGE_EXPIRED] = N_("state|EXPIRED"),
		[MESSAGE_CANCELLED] = N_("state|canceled"),
	};
	return status < MESSAGE_STATUS_COUNT ? C_(words[status]) : "?";
}

void script_line(const char *label, const char *fmt, ...)
{
	va_list ap;
	char *text = NULL;
	va_start(ap, fmt);
	int len = vasprintf(&text, fmt, ap);
	va_end(ap);
	if (len < 0)
		return;
	scoped_free char *clean = text_clean(text, (size_t)len);
	scoped_free char *padded = text_pad(label, LABEL_CELLS);
	free(text);
	printf("%s %s\n", padded, clean);
}

/* The filter, and below it what is wrong. */
static void point_at(const char *text, const struct filter_error *error)
{
	scoped_free char *before = text_clean(text, error->at);
	scoped_free char *wrong = text_clean(text + error->at, error->len);
	scoped_free char *clean = text_clean(text, strlen(text));
	size_t marks = MAX(text_width(wrong), (size_t)1);
	fprintf(stderr, "  %s\n  %*s", clean, (int)text_width(before), "");
	while (marks--)
		fputc('^', stderr);
	fputc('\n', stderr);
}

int script_filter(const struct script_options *o, struct filter **out)
{
	struct filter_error error;
	const char *text = o->words ? o->words : "";
	if (filter_parse(text, out, &error) == 0)
		return 0;
	script_complain("%s", error.message);
	point_at(text, &error);
	return EXIT_USAGE;
}

int script_work(script_slice slice, void *arg)
{
	int64_t patient_until_ms = clock_mono_ms() + SCRIPT_PATIENT_MS;
	for (;;) {
		int rc =
			slice(arg, clock_wall_ms(), clock_mono_us() + SLICE_US);
		int64_t now_ms = clock_mono_ms();
		if (rc == ROWS_MORE)
			patient_until_ms = now_ms + SCRIPT_PATIENT_MS;
		else if (rc != DB_BUSY || now_ms > patient_until_ms)
			return rc;
		else
			usleep(REST_US);
	}
}

bool script_has_person(void)
{
	return isatty(STDIN_FILENO) && isatty(STDERR_FILENO);
}
