#include "lib/secret.h"

#include "lib/buf.h"
#include "lib/util.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>

enum { GENERATIONS = 3, SHORTEST = 8 };

static struct slot {
	char *name;		    /* own */
	char *value[GENERATIONS];   /* own; newest first */
	char *encoded[GENERATIONS]; /* own; the same, percent-encoded */
	struct slot *next;
} * slots; /* own; never freed, for secrets last as long as the process */

void secret_wipe(void *data, size_t len)
{
	if (data)
		explicit_bzero(data, len);
}

static void drop(char **secret)
{
	if (*secret)
		secret_wipe(*secret, strlen(*secret));
	free(steal(secret));
}

static struct slot *find_slot(const char *name)
{
	struct slot **at = &slots;
	while (*at && strcmp((*at)->name, name) != 0)
		at = &(*at)->next;
	if (!*at) {
		*at = xcalloc(1, sizeof(**at));
		(*at)->name = xstrdup(name);
	}
	return *at;
}

static char *percent_encode(const char *s)
{
	struct buf b = {0};
	buf_add_percent(&b, s);
	return buf_detach(&b);
}

void secret_set(const char *name, const char *value)
{
	struct slot *slot = find_slot(name);
	if (value && slot->value[0] && strcmp(slot->value[0], value) == 0)
		return;
	drop(&slot->value[GENERATIONS - 1]);
	drop(&slot->encoded[GENERATIONS - 1]);
	for (size_t i = GENERATIONS - 1; i > 0; i--) {
		slot->value[i] = slot->value[i - 1];
		slot->encoded[i] = slot->encoded[i - 1];
	}
	bool is_kept = value && strlen(value) >= SHORTEST;
	slot->value[0] = is_kept ? xstrdup(value) : NULL;
	slot->encoded[0] = is_kept ? percent_encode(value) : NULL;
}

/* Replaces each occurrence of `secret` in *text by three asterisks. */
static void redact_one(char **text, const char *secret)
{
	const char *hit = secret ? strstr(*text, secret) : NULL;
	if (!hit)
		return;
	struct buf out = {0};
	const char *from = *text;
	for (; hit; hit = strstr(from, secret)) {
		buf_add(&out, from, (size_t)(hit - from));
		buf_adds(&out, "***");
		from = hit + strlen(secret);
	}
	buf_adds(&out, from);
	secret_wipe(*text, strlen(*text));
	free(*text);
	*text = buf_detach(&out);
}

char *secret_redact(const char *text)
{
	if (!text)
		return NULL;
	char *copy = xstrdup(text);
	for (const struct slot *slot = slots; slot; slot = slot->next) {
		for (size_t g = 0; g < GENERATIONS; g++) {
			redact_one(&copy, slot->value[g]);
			redact_one(&copy, slot->encoded[g]);
		}
	}
	return copy;
}

void secret_protect_process(void)
{
	setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
	prctl(PR_SET_DUMPABLE, 0);
}
