/*
 * Who is acting, for the audit: the login name and uid, the terminal, and where
 * the ssh session came from. What the environment says is anybody's to forge,
 * so it only adds to the name that the uid has, never replaces it, and comes
 * cleaned (text_clean) and cut to a bounded length.
 */
#pragma once

#include <stdint.h>

struct actor {
	char *name; /* own, as are the others: "alice", "alice via root" */
	int64_t uid;
	char *tty;    /* NULL if there is none */
	char *origin; /* "203.0.113.7 51234", NULL if not by ssh */
};

/* What is known of a process. NULL and "" are what is not known. */
struct actor_facts {
	const char *login; /* the name that uid has */
	int64_t uid;
	const char *sudo_user; /* who became that by sudo */
	const char *tty;
	const char
		*ssh; /* SSH_CONNECTION or SSH_CLIENT: client, its port ... */
};

/* Both: the caller ends it with actor_finish. */
void actor_init(struct actor *actor, const struct actor_facts *facts);

/* This process: its real uid, the terminal at its stdin, stdout or stderr, and
 * its environment. */
void actor_init_self(struct actor *actor);

void actor_finish(struct actor *actor);
