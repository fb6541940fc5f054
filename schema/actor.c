#include "schema/actor.h"

#include "lib/text.h"
#include "lib/util.h"

#include <limits.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { WORD_MAX = 128 };

static bool is_known(const char *fact)
{
	return fact && fact[0];
}

/* The first `len` bytes, fit to be shown, or NULL. */
static char *clean(const char *fact, size_t len)
{
	if (!is_known(fact))
		return NULL;
	char *cleaned = text_clean(fact, len);
	cleaned[text_fit_bytes(cleaned, WORD_MAX)] = '\0';
	return cleaned;
}

static char *name_of(const struct actor_facts *facts)
{
	scoped_free char *login =
		is_known(facts->login)
			? clean(facts->login, strlen(facts->login))
			: xasprintf("uid %lld", (long long)facts->uid);
	if (!is_known(facts->sudo_user) ||
	    (facts->login && strcmp(facts->sudo_user, facts->login) == 0))
		return steal(&login);
	scoped_free char *sudo =
		clean(facts->sudo_user, strlen(facts->sudo_user));
	return xasprintf("%s via %s", sudo, login);
}

/* The first two words: the address and port that sshd logs as well. */
static char *origin_of(const char *ssh)
{
	if (!is_known(ssh))
		return NULL;
	size_t len = strcspn(ssh, " ");
	if (ssh[len])
		len += 1 + strcspn(ssh + len + 1, " ");
	return clean(ssh, len);
}

void actor_init(struct actor *actor, const struct actor_facts *facts)
{
	*actor = (struct actor){
		.name = name_of(facts),
		.uid = facts->uid,
		.tty = clean(facts->tty, facts->tty ? strlen(facts->tty) : 0),
		.origin = origin_of(facts->ssh),
	};
}

void actor_init_self(struct actor *actor)
{
	char tty[PATH_MAX] = "";
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO && !tty[0]; fd++) {
		if (ttyname_r(fd, tty, sizeof(tty)))
			tty[0] = '\0';
	}
	const struct passwd *user = getpwuid(getuid());
	const char *ssh = getenv("SSH_CONNECTION");
	struct actor_facts facts = {
		.login = user ? user->pw_name : NULL,
		.uid = getuid(),
		.sudo_user = getenv("SUDO_USER"),
		.tty = tty,
		.ssh = is_known(ssh) ? ssh : getenv("SSH_CLIENT"),
	};
	actor_init(actor, &facts);
}

void actor_finish(struct actor *actor)
{
	if (!actor)
		return;
	free(actor->name);
	free(actor->tty);
	free(actor->origin);
	*actor = (struct actor){0};
}
