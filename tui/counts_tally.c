#include "lib/util.h"
#include "tui/counts_internal.h"

#include <stdlib.h>
#include <string.h>

void tally_finish(struct tally *t)
{
	for (size_t i = 0; i < t->count; i++)
		free(t->channels[i].name);
	free(t->channels);
	*t = (struct tally){.count = 0};
}

static struct tally_channel *find(const struct tally *t, const char *name)
{
	for (size_t i = 0; i < t->count; i++) {
		if (!strcmp(t->channels[i].name, name))
			return &t->channels[i];
	}
	return NULL;
}

void tally_add(struct tally *t, enum message_status status, const char *channel)
{
	t->by_status[status]++;
	if (!channel)
		return;
	struct tally_channel *c = find(t, channel);
	if (!c && t->count < CHANNELS_MAX) {
		t->channels = xrealloc(t->channels,
				       (t->count + 1) * sizeof(*t->channels));
		c = &t->channels[t->count++];
		*c = (struct tally_channel){.name = xstrdup(channel)};
	}
	if (c)
		c->by_status[status]++;
}

int64_t tally_of(const struct tally *t, const char *channel,
		 enum message_status status)
{
	const struct tally_channel *c = find(t, channel);
	return c ? c->by_status[status] : 0;
}
