/* outbox-relay send: the CRM's INSERT, from a shell. */
#include "relay/command.h"

#include "lib/buf.h"
#include "lib/clock.h"
#include "lib/util.h"
#include "relay/config_value.h"
#include "relay/when.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PAYLOAD_MAX = 65536 };

#define TTL_MAX_MS (INT64_C(36500) * 86400000)

static const char insert_sql[] =
	"INSERT INTO outbox (type, payload, channel, recipient, ordering_key,"
	"                    dedup_key, due_at, expires_at)"
	" VALUES ($type, $payload, $channel, $recipient, $key, $dedup, $at,"
	"         $expires)"
	" ON CONFLICT (dedup_key) DO NOTHING"
	" RETURNING id, event_id";

/* The payload's bytes as they are, but for the newline that ends a file. One
 * byte more than is allowed is read, so that the trigger can say so. */
static int read_stream(FILE *in, const char *name, struct buf *payload)
{
	char chunk[8192];
	size_t len;
	while ((len = fread(chunk, 1, sizeof(chunk), in)) > 0 &&
	       payload->len <= PAYLOAD_MAX)
		buf_add(payload, chunk, len);
	if (ferror(in)) {
		command_complain("%s: %s", name, strerror(errno));
		return EXIT_FAILED;
	}
	if (payload->len && memchr(payload->data, '\0', payload->len)) {
		command_complain("%s: has a NUL byte: give a JSON object",
				 name);
		return EXIT_USAGE;
	}
	while (payload->len && payload->data[payload->len - 1] == '\n')
		payload->data[--payload->len] = '\0';
	return 0;
}

static int read_payload(const char *argument, struct buf *payload)
{
	if (strcmp(argument, "-") == 0)
		return read_stream(stdin, "standard input", payload);
	if (argument[0] != '@') {
		buf_adds(payload, argument);
		return 0;
	}
	FILE *in = fopen(argument + 1, "re");
	if (!in) {
		command_complain("%s: %s", argument + 1, strerror(errno));
		return EXIT_USAGE;
	}
	int rc = read_stream(in, argument + 1, payload);
	fclose(in);
	return rc;
}

static int read_times(const struct options *o, int64_t *at_out,
		      int64_t *expires_out)
{
	scoped_free char *why = NULL;
	int64_t ttl;
	*at_out = clock_wall_ms();
	*expires_out = 0;
	if (o->at && when_parse(o->at, *at_out, at_out, &why)) {
		command_complain("--at %s: %s", o->at, why);
		return EXIT_USAGE;
	}
	if (!o->ttl)
		return 0;
	if (config_value_duration(o->ttl, &ttl, &why)) {
		command_complain("--ttl %s: %s", o->ttl, why);
		return EXIT_USAGE;
	}
	if (ttl == 0 || ttl > TTL_MAX_MS) {
		command_complain("--ttl %s: give a time from 1ms to 36500d",
				 o->ttl);
		return EXIT_USAGE;
	}
	*expires_out = *at_out + ttl;
	return 0;
}

static int insert(struct db *db, const struct options *o, const char *payload,
		  int64_t at_ms, int64_t expires_ms)
{
	scoped_stmt struct db_stmt *st = db_prepare(db, "send", insert_sql);
	db_bind(st, "$type", o->type);
	db_bind(st, "$payload", payload);
	db_bind(st, "$channel", o->channel);
	db_bind(st, "$recipient", o->recipient);
	db_bind(st, "$key", o->key);
	db_bind(st, "$dedup", o->dedup);
	db_bind(st, "$at", at_ms);
	if (expires_ms)
		db_bind(st, "$expires", expires_ms);
	int rc = db_step(st);
	if (rc == DB_ROW) {
		int64_t id = db_int(st, 0);
		scoped_free char *event_id = xstrdup(db_text(st, 1));
		rc = db_step(st); /* RETURNING comes before the commit */
		if (rc == DB_OK) {
			printf("%lld %s\n", (long long)id, event_id);
			return EXIT_DONE;
		}
	} else if (rc == DB_OK) {
		fprintf(stderr,
			"a row with dedup key %s is there already: "
			"nothing inserted\n",
			o->dedup);
		return EXIT_DONE;
	}
	if (rc == DB_REFUSED) {
		command_complain("refused: %s", db_message(db));
		return EXIT_USAGE;
	}
	command_complain("cannot insert: %s", db_message(db));
	return EXIT_FAILED;
}

static int send_into(const char *path, const struct options *o,
		     const struct buf *payload, int64_t at_ms,
		     int64_t expires_ms)
{
	struct db *db = NULL;
	int rc = command_open(path, COMMAND_PATIENT_MS, &db);
	if (rc == 0)
		rc = insert(db, o, buf_str(payload), at_ms, expires_ms);
	db_close(db);
	return rc;
}

int command_send(const struct options *o)
{
	struct config config = {0};
	scoped_buf payload = {0};
	int64_t at_ms, expires_ms;
	if (!o->type) {
		command_complain("send: --type is missing, such as "
				 "--type sendCustomerAssignNotify");
		return EXIT_USAGE;
	}
	int rc = command_load_config(o, &config);
	if (rc)
		return rc;
	rc = read_payload(o->payload ? o->payload : "-", &payload);
	if (rc == 0)
		rc = read_times(o, &at_ms, &expires_ms);
	if (rc == 0)
		rc = send_into(config.db_path, o, &payload, at_ms, expires_ms);
	config_finish(&config);
	return rc;
}
