#include "tests/support/proc.h"

#include "lib/buf.h"
#include "lib/clock.h"
#include "lib/util.h"
#include "tests/support/check.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static void redirect(const char *path, int to)
{
	int flags = O_RDWR | O_CREAT | O_TRUNC | O_APPEND;
	int fd = open(path, flags, 0600);
	if (fd < 0 || dup2(fd, to) < 0)
		_exit(126);
	close(fd);
}

static void set_env(const char *const *env)
{
	for (; env && *env; env++) {
		const char *eq = strchr(*env, '=');
		if (!eq) {
			unsetenv(*env);
			continue;
		}
		scoped_free char *key = xstrndup(*env, (size_t)(eq - *env));
		setenv(key, eq + 1, 1);
	}
}

static void run_child(const struct proc *p, const struct proc_spec *spec,
		      pid_t parent)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent || chdir(spec->dir) != 0)
		_exit(126);
	sigset_t none;
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	redirect("/dev/null", STDIN_FILENO);
	redirect(p->out_path, STDOUT_FILENO);
	redirect(p->err_path, STDERR_FILENO);
	set_env(spec->env);
	execvp(spec->argv[0], (char *const *)spec->argv);
	dprintf(STDERR_FILENO, "%s: %s\n", spec->argv[0], strerror(errno));
	_exit(127);
}

void proc_start(struct proc *p, const struct proc_spec *spec)
{
	*p = (struct proc){
		.out_path = xasprintf("%s/%s.out", spec->dir, spec->name),
		.err_path = xasprintf("%s/%s.err", spec->dir, spec->name),
	};
	/* An earlier run's output must not look like this one's. */
	unlink(p->out_path);
	unlink(p->err_path);
	pid_t parent = getpid();
	fflush(NULL);
	p->pid = fork();
	assert_true(p->pid >= 0);
	if (p->pid == 0)
		run_child(p, spec, parent);
	p->pidfd = (int)syscall(SYS_pidfd_open, p->pid, 0);
	assert_true(p->pidfd >= 0);
}

char *proc_read_file(const char *path)
{
	struct buf b = {0};
	char chunk[4096];
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	for (ssize_t n; fd >= 0 && (n = read(fd, chunk, sizeof(chunk))) > 0;)
		buf_add(&b, chunk, (size_t)n);
	if (fd >= 0)
		close(fd);
	return buf_detach(&b);
}

static const char *path_of(const struct proc *p, enum proc_stream stream)
{
	return stream == PROC_OUT ? p->out_path : p->err_path;
}

char *proc_read(const struct proc *p, enum proc_stream stream)
{
	return proc_read_file(path_of(p, stream));
}

bool proc_is_running(const struct proc *p)
{
	struct pollfd fd = {.fd = p->pidfd, .events = POLLIN};
	return p->pid && poll(&fd, 1, 0) == 0;
}

static char *find_line(const char *path, const char *text)
{
	scoped_free char *all = proc_read_file(path);
	for (char *line = all, *end; (end = strchr(line, '\n'));
	     line = end + 1) {
		*end = '\0';
		if (strstr(line, text))
			return xstrdup(line);
	}
	return NULL;
}

static void fail_with_output(const struct proc *p, const char *what)
{
	scoped_free char *out = proc_read(p, PROC_OUT);
	scoped_free char *err = proc_read(p, PROC_ERR);
	print_error("%s\nstdout:\n%s\nstderr:\n%s\n", what, out, err);
	fail();
}

/* The line is looked for once more after the process has ended or the time is
 * up, so that neither can race with the last write. */
char *proc_wait_line(struct proc *p, enum proc_stream stream, const char *text,
		     int deadline_ms)
{
	const char *path = path_of(p, stream);
	int64_t until = clock_mono_ms() + deadline_ms;
	int watch = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
	int is_watched = -1;
	for (bool is_last = false;;) {
		/* The child makes the file: until then it cannot be watched. */
		if (is_watched < 0)
			is_watched = inotify_add_watch(watch, path, IN_MODIFY);
		char *line = find_line(path, text);
		int64_t left = until - clock_mono_ms();
		if (line || is_last || left <= 0) {
			close(watch);
			if (!line)
				fail_with_output(p, text);
			return line;
		}
		struct pollfd fds[] = {{.fd = watch, .events = POLLIN},
				       {.fd = p->pidfd, .events = POLLIN}};
		poll(fds, 2, is_watched < 0 ? 1 : (int)left);
		is_last = fds[1].revents != 0;
		char events[4096];
		while (read(watch, events, sizeof(events)) > 0)
			;
	}
}

void proc_signal(struct proc *p, int signal)
{
	assert_true(p->pid > 0);
	assert_int_equal(kill(p->pid, signal), 0);
}

static int reap(struct proc *p)
{
	int status = 0;
	while (waitpid(p->pid, &status, 0) < 0 && errno == EINTR)
		;
	close(p->pidfd);
	p->pid = 0;
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status)
				   : WEXITSTATUS(status);
}

int proc_wait(struct proc *p, int deadline_ms)
{
	assert_true(p->pid > 0);
	struct pollfd fd = {.fd = p->pidfd, .events = POLLIN};
	if (poll(&fd, 1, deadline_ms) != 1)
		fail_with_output(p, "the process does not end");
	return reap(p);
}

void proc_finish(struct proc *p)
{
	if (p->pid) {
		kill(p->pid, SIGKILL);
		reap(p);
	}
	free(p->out_path);
	free(p->err_path);
	*p = (struct proc){0};
}

int proc_run(const struct proc_spec *spec, int deadline_ms, char **out_out,
	     char **err_out)
{
	struct proc p = {0};
	proc_start(&p, spec);
	int status = proc_wait(&p, deadline_ms);
	if (out_out)
		*out_out = proc_read(&p, PROC_OUT);
	if (err_out)
		*err_out = proc_read(&p, PROC_ERR);
	proc_finish(&p);
	return status;
}
