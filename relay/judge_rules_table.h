/*
 * The words in which the tables of rules are written, and the tables. Only for
 * relay/judge_rules*.c.
 */
#pragma once

#include "relay/judge_rules.h"

/* clang-format off */
#define ANY_CODE	.from = INT64_MIN, .to = INT64_MAX
#define AT(n)		.from = (n), .to = (n)
#define RANGE(a, b)	.from = (a), .to = (b)
#define SIGN(s)		.sign = SIGN_##s, ANY_CODE
#define TEXT(t)		.text = (t)

#define R		.class = CLASS_REFRESH
#define T		.class = CLASS_RETRY
#define T_UNSURE	.class = CLASS_UNKNOWN
#define Q(ms)		.class = CLASS_QUOTA, .wait_ms = (ms)
#define Q_DAY		.class = CLASS_QUOTA, .is_day = true
#define P		.class = CLASS_REJECT
#define O		.class = CLASS_OPERATOR
#define O_AFTER(n)	.streak = (n), .later = CLASS_OPERATOR
#define CAP(n)		.cap = (n)
#define WAIT(ms)	.wait_ms = (ms)
#define WHY(r)		.reason = REASON_##r
/* clang-format on */

enum {
	SECOND_MS = 1000,
	MINUTE_MS = 60 * SECOND_MS,
	HOUR_MS = 60 * MINUTE_MS,
};

/* The ways in which texts name a cloud environment that is not there, is shut
 * for want of payment, and a function that is not there or not startable. */
/* clang-format off */
#define TEXT_ENV \
	"env not exist|env not found|env invalid|invalid env|invalid_env|" \
	"environment not found|environment invalid|environment not exist|" \
	"[100003]"
#define TEXT_UNPAID "isolated|arrears|overdue"
#define TEXT_NO_FUNCTION \
	"functionname parameter could not be found|function_not_found|" \
	"function not found|function not exist|function does not exist|" \
	"resourcenotfound.function"
#define TEXT_NO_MODULE "cannot find module|module_not_found"
#define TEXT_SYNTAX "syntaxerror|syntax error"
#define TEXT_TOO_SLOW "timed out|time_limit_exceeded|time limit exceeded"
/* clang-format on */

struct rule_table {
	const struct rule *rules;
	size_t count;
};

extern const struct rule_table judge_rules_wechat;
extern const struct rule_table judge_rules_cloud;
extern const struct rule_table judge_rules_send;
extern const struct rule_table judge_rules_subscribe;
extern const struct rule_table judge_rules_webhook;
extern const struct rule_table judge_rules_robot;
