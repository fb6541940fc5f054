/* The terminal given away for a while: to the shell, to an editor. */
#include "lib/util.h"
#include "tui/term_internal.h"

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

bool term_is_in_background(void)
{
	pid_t foreground = tcgetpgrp(STDIN_FILENO);
	return foreground > 0 && foreground != getpgrp();
}

/* A terminal with one screen only keeps what was shown: what comes next begins
 * on a line of its own. What was left already, and not drawn on since, is not
 * left again: the cursor would go back to where it stood at the start. */
void term_leave(void)
{
	if (isendwin()) {
		if (!term_is_in_background())
			reset_shell_mode();
		return;
	}
	if (!tigetstr("rmcup")) {
		move(getmaxy(stdscr) - 1, 0);
		clrtoeol();
		refresh();
	}
	endwin();
}

/* The whole group stops, as it does for a Ctrl-Z that no program has taken: the
 * shell may wait for a script that started us. Nothing happens in a group that
 * no shell looks after. */
int term_suspend(struct term *t)
{
	if (t->before[TERM_TSTP].sa_handler == SIG_IGN)
		return -1;
	struct sigaction before;
	struct sigaction stop = {.sa_handler = SIG_DFL};
	sigset_t only;
	sigemptyset(&only);
	sigaddset(&only, SIGTSTP);
	term_leave();
	sigaction(SIGTSTP, &stop, &before);
	sigprocmask(SIG_UNBLOCK, &only, NULL);
	kill(0, SIGTSTP);
	sigprocmask(SIG_BLOCK, &only, NULL);
	sigaction(SIGTSTP, &before, NULL);
	/* Ended from afar, in the background: to touch the terminal would stop
	 * us again. */
	term_signals_forget(t);
	if (t->ended_by)
		return 0;
	reset_prog_mode();
	term_return(t);
	return 0;
}

/* Our signals are blocked, and some ignored: the program's are as they were
 * before we came. */
static int start(struct term *t, const char *const *argv, pid_t *pid_out)
{
	posix_spawnattr_t attr;
	posix_spawn_file_actions_t files;
	sigset_t all;
	sigfillset(&all);
	posix_spawnattr_init(&attr);
	posix_spawnattr_setsigmask(&attr, &t->mask_before);
	posix_spawnattr_setsigdefault(&attr, &all);
	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGMASK |
						POSIX_SPAWN_SETSIGDEF);
	posix_spawn_file_actions_init(&files);
	posix_spawn_file_actions_adddup2(&files, term_guard_stderr(),
					 STDERR_FILENO);
	int rc = posix_spawnp(pid_out, argv[0], &files, &attr,
			      (char *const *)argv, environ);
	posix_spawn_file_actions_destroy(&files);
	posix_spawnattr_destroy(&attr);
	return rc;
}

/* If it is stopped by a Ctrl-Z, so are we, or the shell would wait for ever. */
static int wait_for(pid_t pid)
{
	for (;;) {
		int status;
		if (waitpid(pid, &status, WUNTRACED) < 0)
			return 127;
		if (WIFEXITED(status))
			return WEXITSTATUS(status);
		if (WIFSIGNALED(status))
			return 128 + WTERMSIG(status);
		raise(SIGSTOP);
		kill(pid, SIGCONT);
	}
}

int term_run(struct term *t, const char *const *argv)
{
	def_prog_mode();
	term_leave();
	pid_t pid;
	int code = start(t, argv, &pid) == 0 ? wait_for(pid) : 127;
	reset_prog_mode();
	term_return(t);
	return code;
}
