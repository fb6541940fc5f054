/*
 * What people in a group read of a row. The payload says it itself (`text` or
 * `content`; `markdown`, with a `title` if it likes), or else its fields are
 * listed, one a line, as they are printed in the payload.
 *
 * Pure. Knows JSON, and no robot.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct message;

struct robot_text {
	bool is_markdown;
	char *title; /* own; "": none. The row's type where a kind needs one */
	char *body;  /* own */
};

/* Reads the message, whose texts are UTF-8. Control characters but line ends
 * and tabs are left out: WeCom takes no \u escapes (40033), and nobody can read
 * them. The caller ends *out with robot_text_finish. */
void robot_text_read(const struct message *msg, struct robot_text *out);
void robot_text_finish(struct robot_text *text);

/* A copy of at most `most` bytes, cut between two characters and with an
 * ellipsis if it was longer; is_json: bytes as they are within a JSON string.
 * The caller frees. */
char *robot_text_cut(const char *s, size_t most, bool is_json);
