/*
 * The simulated account: everything that outlives a call, and the services
 * that answer calls from it.
 *
 * One thread uses it, so nothing is locked. Knows nothing of sockets.
 */
#pragma once

#include <stdint.h>

#include "tests/sim/call.h"
#include "tests/sim/dice.h"
#include "tests/sim/fault.h"
#include "tests/sim/mailroom.h"
#include "tests/sim/options.h"
#include "tests/sim/robot.h"
#include "tests/sim/template.h"
#include "tests/sim/token.h"
#include "tests/sim/user.h"

struct journal;

struct sim {
	const struct options *opt; /* borrowed */
	char *secret;		   /* own; the AppSecret of the day */
	struct token_office tokens;
	struct user_book users;
	struct template_book templates;
	struct mailroom mail;
	struct robot_post robots;
	struct fault_book faults;
	struct dice dice;
	struct journal *journal;    /* own; NULL: none is kept */
	int64_t calls[STAGE_COUNT]; /* received */
	int64_t under_way; /* invoke, database, send, hook: unanswered */
	int64_t under_way_max;
};

/* Opens the account as the options describe it. Returns 0; or -1, having said
 * on stderr which file is wrong. To be finished either way. */
int sim_init(struct sim *s, const struct options *opt);
void sim_finish(struct sim *s);

/* A service fills in c->answer for a call that came to it. */
typedef void service(struct sim *s, struct call *c);

service account_token;	/* GET  /cgi-bin/token */
service account_stable; /* POST /cgi-bin/stable_token */
service cloud_invoke;	/* POST /tcb/invokecloudfunction */
service cloud_database; /* POST /tcb/databasequery */
service message_send;	/* POST /cgi-bin/message/subscribe/send */
service template_list;	/* GET  /wxaapi/newtmpl/gettemplate */
service hook_receive;	/* POST /hook/NAME: any name, any body, 200, but for
			   the robots */

/* Runs the function `event` asks for; returns what it returned, for the caller
 * to delete. */
cJSON *function_run(struct sim *s, const struct call *c);

/* The user that a notice is for, NULL if it names none that exists. */
struct user *function_recipient(struct sim *s, const cJSON *event);

/* Uses one consent up and sends. Returns 0, or WeChat's code: 43108 another
 * call for this openid is under way, 43101 no consent left. */
int message_deliver(struct sim *s, struct user *u, const char *event);

/* Checks what every service but the token's wants first: POST, a good token, a
 * body. Returns 0, or the code to answer. */
int call_check_common(const struct call *c);
