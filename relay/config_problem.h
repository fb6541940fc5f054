/*
 * What is wrong with the settings: all of it at once, each with its place, so
 * that an administrator mends everything in one go.
 *
 * Knows nothing of settings. The list owns its texts, which are clean, and in
 * the language of lib/lang.h: English, unless the program chose another one
 * before.
 */
#pragma once

#include <stddef.h>
#include <stdio.h>

enum config_severity { CONFIG_ERROR, CONFIG_WARNING };

struct config_problem {
	enum config_severity severity;
	char *where; /* own; "backend/.env:12", "environment", "settings" */
	char *text;  /* own; one clean line, never a secret */
};

/* What was found wrong, in the order files, environment, values. A zeroed
 * struct is an empty list. */
struct config_problems {
	struct config_problem *list; /* own */
	size_t count;
	size_t error_count;
};

/* Adds a problem; where and text are copied and cleaned. */
void config_problems_add(struct config_problems *problems,
			 enum config_severity severity, const char *where,
			 const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

void config_problems_finish(struct config_problems *problems);

/* One line a problem: "backend/.env:12: error: ...". */
void config_problems_print(const struct config_problems *problems, FILE *out);
