#include "tests/support/storebench.h"

#include "lib/buf.h"
#include "lib/util.h"

#include <stdlib.h>

static const int64_t steps[] = {1000, 2000};

int storebench_set_up(void **state)
{
	struct storebench *b = xcalloc(1, sizeof(*b));
	void *fix = NULL;
	fixture_set_up(&fix);
	b->fix = fix;
	assert_int_equal(db_open(&b->db, b->fix->path, DB_WRITE, 50), 0);
	assert_int_equal(db_open(&b->helper, b->fix->path, DB_WRITE, 50), 0);
	b->store = store_create(b->db, b->helper, "here/1/1");
	static char channel[] = "wechat-cloud", path[] = "$.assignedToId";
	b->config = (struct config){.channel = channel,
				    .recipient_path = path,
				    .appid = channel,
				    .appsecret = channel,
				    .cloud_env = channel,
				    .channels = &b->settings,
				    .channel_count = 1};
	b->settings = (struct config_channel){.name = channel,
					      .kind = "wechat-cloud",
					      .max_attempts = 10,
					      .at_once = 16};
	assert_int_equal(store_adopt(b->store, &b->config), 0);
	b->channel = channel_create(&b->config, &b->settings);
	job_list_init(&b->hand);
	*state = b;
	return 0;
}

int storebench_tear_down(void **state)
{
	struct storebench *b = *state;
	struct job *job;
	while ((job = job_list_take(&b->hand)))
		job_destroy(job);
	channel_destroy(b->channel);
	store_destroy(b->store);
	db_close(b->helper);
	db_close(b->db);
	void *fix = b->fix;
	fixture_tear_down(&fix);
	free(b);
	return 0;
}

int64_t storebench_add(struct storebench *b, int priority,
		       const char *recipient, const char *key)
{
	outbox_exec(b->fix->db,
		    "INSERT INTO outbox (type, payload, priority, recipient,"
		    " ordering_key, due_at)"
		    " VALUES ('t', '{}', %d, %Q, %Q, %lld)",
		    priority, recipient, key, BENCH_NOW);
	return sqlite3_last_insert_rowid(b->fix->db);
}

static bool is_alone(const struct storebench *b)
{
	for (const struct job *job = b->hand.first; job; job = job->next) {
		if (job->step != JOB_JUDGED)
			return false;
	}
	return true;
}

char *storebench_claim(struct storebench *b, size_t slots)
{
	struct job_list claimed;
	struct job *job;
	struct buf ids = {0};
	job_list_init(&claimed);
	assert_int_equal(store_begin(b->store), 0);
	assert_int_equal(
		store_claim(b->store,
			    &(struct claim_request){.channel = b->channel,
						    .slots = slots,
						    .now_ms = BENCH_NOW,
						    .lease_ms = 30000,
						    .held = &b->hand,
						    .is_alone = is_alone(b)},
			    &claimed),
		0);
	assert_int_equal(store_commit(b->store), 0);
	while ((job = job_list_take(&claimed))) {
		buf_addf(&ids, "%s%lld", ids.len ? " " : "",
			 (long long)job->msg.id);
		job_list_add(&b->hand, job);
	}
	buf_adds(&ids, "");
	return buf_detach(&ids);
}

void storebench_expect_claim(struct storebench *b, size_t slots,
			     const char *ids)
{
	scoped_free char *got = storebench_claim(b, slots);
	assert_string_equal(got, ids);
}

struct job *storebench_job(struct storebench *b, int64_t id)
{
	for (struct job *job = b->hand.first; job; job = job->next) {
		if (job->msg.id == id)
			return job;
	}
	fail_msg("row %lld is not in hand", (long long)id);
	return NULL;
}

void storebench_settle(struct storebench *b, struct job *job,
		       enum verdict verdict)
{
	struct outcome_limits limits = {
		.max_attempts = b->settings.max_attempts,
		.backoff = {steps, ARRAY_LEN(steps), 0},
	};
	struct outcome outcome;
	job->judgement = (struct judgement){.verdict = verdict,
					    .reason = REASON_WECHAT_BUSY,
					    .stage = STAGE_INVOKE,
					    .code = -1,
					    .detail = "busy"};
	job->attempts[0].judgement = job->judgement;
	job->attempt_count = 1;
	job->step = JOB_JUDGED;
	outcome_plan(&job->msg, &job->judgement, &limits, BENCH_NOW, 0.5,
		     &outcome);
	assert_int_equal(store_begin(b->store), 0);
	assert_int_equal(store_settle(b->store, job, &outcome, BENCH_NOW), 0);
	assert_int_equal(store_commit(b->store), 0);
}

void storebench_finish(struct storebench *b, int64_t id, enum verdict verdict)
{
	struct job_list rest;
	struct job *job;
	job_list_init(&rest);
	storebench_settle(b, storebench_job(b, id), verdict);
	while ((job = job_list_take(&b->hand))) {
		if (job->msg.id == id)
			job_destroy(job);
		else
			job_list_add(&rest, job);
	}
	while ((job = job_list_take(&rest)))
		job_list_add(&b->hand, job);
}

void storebench_expect(struct storebench *b, const char *sql, const char *rows)
{
	scoped_free char *got = outbox_rows(b->fix->db, "%s", sql);
	assert_string_equal(got, rows);
}
