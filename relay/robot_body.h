/*
 * The request that carries a text to a robot: its body, and what a signature
 * adds to body or URL. Escaping is cJSON's.
 */
#pragma once

#include "lib/buf.h"
#include "relay/robot.h"
#include "relay/robot_text.h"

/* Appends the body. The text is cut to what the kind takes; `type` is the title
 * where a kind must have one and the text has none. sign is NULL without a
 * secret. */
void robot_body_add(enum webhook_kind kind, const struct robot_text *text,
		    const char *type, const struct robot_sign *sign,
		    struct buf *out);

/* Appends the URL, to which DingTalk's signature belongs. */
void robot_url_add(enum webhook_kind kind, const char *url,
		   const struct robot_sign *sign, struct buf *out);
