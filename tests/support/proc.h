/*
 * A child process of a test: its output goes to two files, waits have a
 * deadline and are woken by the kernel, never by sleeping. A child dies with
 * the test, however that ends.
 *
 * A zeroed struct is a process that was never started.
 */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

struct proc {
	pid_t pid;	/* 0: not started, or waited for */
	int pidfd;	/* readable once it has ended */
	char *out_path; /* own; what it wrote to stdout */
	char *err_path; /* own; what it wrote to stderr */
};

struct proc_spec {
	const char *const *argv; /* NULL at the end; argv[0] is found by PATH */
	const char *const *env;	 /* "KEY=value" set or "KEY" unset beside the
				    test's own, NULL at the end; or NULL */
	const char *dir;	 /* where it runs and its output goes */
	const char *name;	 /* of the output: dir/name.out, dir/name.err */
};

enum proc_stream { PROC_OUT, PROC_ERR };

/* Starts it. Ended by proc_finish, after which it may be started again. */
void proc_start(struct proc *p, const struct proc_spec *spec);

/* Waits for a complete line that contains `text`, and returns the line without
 * its end; the caller frees. The test fails, and shows stderr, if the deadline
 * passes or the process ends without it. */
char *proc_wait_line(struct proc *p, enum proc_stream stream, const char *text,
		     int deadline_ms);

/* Sends a signal. */
void proc_signal(struct proc *p, int signal);

/* Waits for its end: the exit status, or 128 + signal. The test fails if the
 * deadline passes. */
int proc_wait(struct proc *p, int deadline_ms);

/* Whether it has not ended yet. */
bool proc_is_running(const struct proc *p);

/* What it has written so far. The caller frees. */
char *proc_read(const struct proc *p, enum proc_stream stream);

/* Kills it if it still runs, and frees. The output files stay. */
void proc_finish(struct proc *p);

/* Starts, waits, returns the status as proc_wait does; *out_out and *err_out
 * (unless NULL) get what it wrote, for the caller to free. */
int proc_run(const struct proc_spec *spec, int deadline_ms, char **out_out,
	     char **err_out);

/* A whole file as a string; "" if there is none. The caller frees. */
char *proc_read_file(const char *path);
