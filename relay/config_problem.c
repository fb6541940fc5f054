#include "relay/config_problem.h"

#include "lib/text.h"
#include "lib/util.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

static const char *const severity_names[] = {
	[CONFIG_ERROR] = "error",
	[CONFIG_WARNING] = "warning",
};

void config_problems_add(struct config_problems *problems,
			 enum config_severity severity, const char *where,
			 const char *fmt, ...)
{
	char *text = NULL;
	va_list ap;
	va_start(ap, fmt);
	int len = vasprintf(&text, fmt, ap);
	va_end(ap);
	if (len < 0)
		text = xstrdup(fmt);
	problems->list =
		xrealloc(problems->list,
			 (problems->count + 1) * sizeof(*problems->list));
	problems->list[problems->count++] = (struct config_problem){
		.severity = severity,
		.where = text_clean(where, strlen(where)),
		.text = text_clean(text, strlen(text)),
	};
	problems->error_count += severity == CONFIG_ERROR;
	free(text);
}

void config_problems_finish(struct config_problems *problems)
{
	for (size_t i = 0; i < problems->count; i++) {
		free(problems->list[i].where);
		free(problems->list[i].text);
	}
	free(problems->list);
	*problems = (struct config_problems){0};
}

void config_problems_print(const struct config_problems *problems, FILE *out)
{
	for (size_t i = 0; i < problems->count; i++) {
		const struct config_problem *p = &problems->list[i];
		fprintf(out, "%s: %s: %s\n", p->where,
			severity_names[p->severity], p->text);
	}
}
