/*
 * System calls in place of libc's, for the relay inside a test's program
 * (tests/support/twin.h): the process dies at one of them, or they fail while a
 * file exists. Linked into a program they take the place of those that SQLite
 * and libcurl call, too. Until they are armed they only pass on.
 *
 * The environment says what they do:
 *
 *	FATAL_AT=N     die at the Nth write, sync, truncation, send or receive
 *	FATAL_HOW=     how: "kill"   before the call
 *	                    "torn"   after half of what it would write
 *	                    "power"  what was not synced is lost, at random
 *	FATAL_WHILE=F  while the file F exists, calls fail:
 *	FATAL_ERROR=   with this errno
 *	FATAL_CALL=    "write" or "sync"
 */
#pragma once

/* Reads the environment. "fatal: calls=N" is printed on stderr at the end. */
void fatal_arm(void);
