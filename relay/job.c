#include "relay/job.h"

#include "lib/util.h"

#include <stdlib.h>
#include <string.h>

void job_destroy(struct job *job)
{
	if (!job)
		return;
	for (size_t i = 0; i < job->attempt_count; i++)
		free(job->attempts[i].answer);
	free(job->openid);
	message_finish(&job->msg);
	free(job);
}

void job_list_init(struct job_list *list)
{
	*list = (struct job_list){.last = &list->first};
}

void job_list_add(struct job_list *list, struct job *job)
{
	job->next = NULL;
	*list->last = job;
	list->last = &job->next;
	list->count++;
}

struct job *job_list_take(struct job_list *list)
{
	struct job *job = list->first;
	if (!job)
		return NULL;
	list->first = job->next;
	if (!list->first)
		list->last = &list->first;
	list->count--;
	job->next = NULL;
	return job;
}

bool job_list_has_recipient(const struct job_list *list, const char *recipient)
{
	if (!recipient)
		return false;
	for (const struct job *job = list->first; job; job = job->next) {
		const char *other = job->msg.recipient;
		if (job->step != JOB_JUDGED && other &&
		    strcmp(other, recipient) == 0)
			return true;
	}
	return false;
}
