#include "tui/console_child.h"

#include "lib/util.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MOST_WORDS = 32 };

/* Cuts a line into its words; the rest of one that has too many is left out.
 * Room for one more and a NULL stays. */
static size_t split(char *line, const char *words[static MOST_WORDS + 2])
{
	size_t count = 0;
	char *rest = line;
	while (count < MOST_WORDS) {
		char *word = strtok_r(rest, " \t", &rest);
		if (!word)
			break;
		words[count++] = word;
	}
	words[count] = words[count + 1] = NULL;
	return count;
}

static const char *editor(void)
{
	static const char *const names[] = {"VISUAL", "EDITOR"};
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		const char *value = getenv(names[i]);
		if (value && value[strspn(value, " \t")])
			return value;
	}
	return "vi";
}

int console_edit(struct term *t, const char *path)
{
	const char *words[MOST_WORDS + 2];
	scoped_free char *line = xstrdup(editor());
	size_t count = split(line, words);
	words[count] = path;
	return term_run(t, words);
}

/* A file, not a pipe: nobody waits for a program that reads nothing. */
static int file_of(const char *text, size_t len)
{
	int fd = memfd_create("copy", MFD_CLOEXEC);
	if (fd < 0)
		return -1;
	if (write(fd, text, len) == (ssize_t)len && lseek(fd, 0, SEEK_SET) == 0)
		return fd;
	close(fd);
	return -1;
}

static int start(const char *const *words, int input, pid_t *pid_out)
{
	posix_spawnattr_t attr;
	posix_spawn_file_actions_t files;
	sigset_t none, all;
	sigemptyset(&none);
	sigfillset(&all);
	posix_spawnattr_init(&attr);
	posix_spawnattr_setsigmask(&attr, &none);
	posix_spawnattr_setsigdefault(&attr, &all);
	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGMASK |
						POSIX_SPAWN_SETSIGDEF |
						POSIX_SPAWN_SETSID);
	posix_spawn_file_actions_init(&files);
	posix_spawn_file_actions_adddup2(&files, input, STDIN_FILENO);
	for (int fd = STDOUT_FILENO; fd <= STDERR_FILENO; fd++)
		posix_spawn_file_actions_addopen(&files, fd, "/dev/null",
						 O_WRONLY, 0);
	int rc = posix_spawnp(pid_out, words[0], &files, &attr,
			      (char *const *)words, environ);
	posix_spawn_file_actions_destroy(&files);
	posix_spawnattr_destroy(&attr);
	return rc == 0 ? 0 : -1;
}

int console_pipe(const char *command, const char *text, size_t len)
{
	static pid_t last; /* reaped when the next one starts */
	const char *words[MOST_WORDS + 2];
	scoped_free char *line = xstrdup(command);
	if (split(line, words) == 0)
		return -1;
	if (last > 0)
		waitpid(last, NULL, WNOHANG);
	last = 0;
	int input = file_of(text, len);
	if (input < 0)
		return -1;
	int rc = start(words, input, &last);
	close(input);
	return rc;
}
