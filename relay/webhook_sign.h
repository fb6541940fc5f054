/*
 * The signature of Standard Webhooks (standardwebhooks.com, 1.0.0): HMAC-SHA256
 * over id, time and body, in base64, once for each secret, so that a secret can
 * be replaced without a pause.
 *
 * Knows libcrypto, and neither channels nor HTTP. Keeps nothing.
 */
#pragma once

#include "lib/buf.h"

#include <stddef.h>
#include <stdint.h>

enum { WEBHOOK_SECRETS_MAX = 8 };

/* What is wrong with a text of secrets, blanks between them, or NULL. Each is
 * "whsec_" and base64 of the key, or the key itself. "" is none, and fine. The
 * answer never holds a secret. */
const char *webhook_secrets_fault(const char *secrets);

/* The next one: sets *len_out and returns where it begins, or NULL if there is
 * no more. To go on, ask again from its end. */
const char *webhook_secrets_next(const char *secrets, size_t *len_out);

/* What of a secret must not be shown: all, or what is behind "whsec_". */
const char *webhook_secret_key(const char *secret, size_t *len);

/* Appends the webhook-signature header's value, "v1,<base64>" for each secret.
 * The secrets are without fault. */
void webhook_sign(const char *secrets, const char *id, int64_t time_s,
		  const char *body, size_t body_len, struct buf *out);
