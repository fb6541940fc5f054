/*
 * The secrets this process knows (AppSecret, access tokens, webhook keys), and
 * how to take them out of a text before it is logged, stored or shown.
 *
 * Holds its own copies and overwrites them when they are dropped. It knows
 * nothing of where a secret comes from.
 */
#pragma once

#include <stddef.h>

/* Remembers a secret under a slot's name, in place of the one that was there
 * before; the old one stays redacted until the slot is set twice more, because
 * texts that hold it may still be on their way. NULL or "" empties the slot.
 * Values shorter than 8 bytes are not remembered: redacting them would only
 * mangle texts. The slot's name is copied. */
void secret_set(const char *name, const char *value);

/* A copy of the text in which "***" stands for every secret, also where some or
 * all of its bytes are percent-encoded. The caller frees. NULL gives NULL. */
char *secret_redact(const char *text);

/* Overwrites memory that held a secret; never optimised away. */
void secret_wipe(void *data, size_t len);

/* Makes this process leave no core file and be unreadable to ptrace of others.
 * Called once at the start of each program that may hold a secret. */
void secret_protect_process(void);
