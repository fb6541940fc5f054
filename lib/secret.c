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
	char *name;		  /* own */
	char *value[GENERATIONS]; /* own; newest first */
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

void secret_set(const char *name, const char *value)
{
	struct slot *slot = find_slot(name);
	if (value && slot->value[0] && strcmp(slot->value[0], value) == 0)
		return;
	drop(&slot->value[GENERATIONS - 1]);
	for (size_t i = GENERATIONS - 1; i > 0; i--)
		slot->value[i] = slot->value[i - 1];
	bool is_kept = value && strlen(value) >= SHORTEST;
	slot->value[0] = is_kept ? xstrdup(value) : NULL;
}

/* The byte that "%2F" at s stands for, whatever the case; -1 if it is none. */
static int percent_decode(const char *s)
{
	static const char digits[] = "0123456789abcdef0123456789ABCDEF";
	const char *high = s[0] == '%' && s[1] ? strchr(digits, s[1]) : NULL;
	const char *low = high && s[2] ? strchr(digits, s[2]) : NULL;
	return low ? (int)((high - digits) % 16 * 16 + (low - digits) % 16)
		   : -1;
}

/* How much of the text's beginning is the secret, as it is or with any of its
 * bytes percent-encoded; 0 if it is not there. */
static size_t match(const char *text, const char *secret)
{
	size_t len = strlen(secret);
	if (strncmp(text, secret, len) == 0)
		return len;
	const char *at = text;
	for (; *secret; secret++) {
		if (percent_decode(at) == (unsigned char)*secret)
			at += 3;
		else if (*at == *secret)
			at++;
		else
			return 0;
	}
	return (size_t)(at - text);
}

static size_t match_any(const char *text)
{
	size_t longest = 0;
	for (const struct slot *slot = slots; slot; slot = slot->next) {
		for (size_t g = 0; g < GENERATIONS; g++) {
			const char *secret = slot->value[g];
			if (secret && (*text == *secret || *text == '%'))
				longest = MAX(longest, match(text, secret));
		}
	}
	return longest;
}

/* A secret may be a part of another or overlap it: all that belongs to any of
 * them goes, so that nothing of the longer one is left over. */
char *secret_redact(const char *text)
{
	if (!text)
		return NULL;
	struct buf out = {0};
	while (*text) {
		const char *end = text + match_any(text);
		if (end == text) {
			buf_addc(&out, *text++);
			continue;
		}
		for (const char *p = text + 1; p < end; p++)
			end = MAX(end, p + match_any(p));
		buf_adds(&out, "***");
		text = end;
	}
	return buf_detach(&out);
}

void secret_protect_process(void)
{
	setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
	prctl(PR_SET_DUMPABLE, 0);
}
