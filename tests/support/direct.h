/*
 * A scene in which rows go by the channel wechat-subscribe.
 */
#pragma once

#include "tests/support/scene.h"

/* The simulator's openid of USER_BOUND, and one that is nobody's. */
#define DIRECT_OPENID	    "oSimA_6zAJs8r3Kw1bVn5Qd0Xy01"
#define DIRECT_OTHER_OPENID "oSimZ_6zAJs8r3Kw1bVn5Qd0Xy09"

/* Settings that make the channel, and send the CRM's rows there. */
#define DIRECT_SETTINGS                                             \
	"WECHAT_TEMPLATE_ASSIGN_ID=TplAssign-_1",                   \
		"WECHAT_TEMPLATE_ASSIGN_TYPE="                      \
		"sendCustomerAssignNotify",                         \
		"WECHAT_TEMPLATE_ASSIGN_PAGE="                      \
		"pages/customer/detail?id={customerId}&n={source}", \
		"WECHAT_TEMPLATE_ASSIGN_FIELDS="                    \
		"thing1=customerName thing2=source "                \
		"name3=assignerName time4=assignTime",              \
		"OUTBOX_CHANNEL=wechat-subscribe"

/* Waits until nothing is pending or being sent. */
void direct_wait(struct scene *s);

/* "STAGE OUTCOME CODE, ..." of a row's requests must be this. */
void direct_expect_attempts(struct scene *s, int64_t id, const char *expected);

/* So many lookups and sends must have come, and no call of a function. */
void direct_expect_calls(struct scene *s, int lookups, int sends);

/* The body of the nth call of a stage. The caller frees. */
char *direct_body(struct scene *s, const char *stage, int nth);
