/*
 * Log lines on their way to outbox_log: kept in memory until the next group
 * commit, because a log call may come from anywhere and must never wait.
 */
#pragma once

#include <stddef.h>

struct store;
struct logbook;

/* Becomes the log's sink (lib/log.h) until it is destroyed. Lines at LOG_INFO
 * and above are kept, the newest thousand; how many were dropped is said. */
struct logbook *logbook_create(void);
void logbook_destroy(struct logbook *book);

/* Writes the lines that wait, inside a group commit. They are kept until
 * logbook_clear, so that a commit that fails loses none. */
int logbook_write(struct logbook *book, struct store *store);

/* Forgets what logbook_write wrote, once the commit is through. */
void logbook_clear(struct logbook *book);
