/* The terminal is put back even if this program dies: a handler on a stack of
 * its own writes what was prepared while all was well, and lets the signal have
 * its way. Static state, since a handler is given nothing. */
#include "lib/lang.h"
#include "lib/util.h"
#include "tui/term_caps.h"
#include "tui/term_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <termios.h>
#include <unistd.h>

enum { STACK_SIZE = 64 << 10 };

static const int fatal[] = {SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGILL};

static struct {
	struct termios before;
	struct sigaction actions[ARRAY_LEN(fatal)];
	char reset[256];
	size_t reset_len;
	char farewell[160];
	void *stack;	 /* own */
	int real_stderr; /* 0: stderr was never taken */
	int kept_stderr; /* what was written meanwhile */
	volatile sig_atomic_t is_armed;
} guard;

int term_write(int fd, const char *data, size_t len)
{
	while (len > 0) {
		ssize_t n = write(fd, data, len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return -1;
		data += n;
		len -= (size_t)n;
	}
	return 0;
}

int term_guard_save(void)
{
	return tcgetattr(STDIN_FILENO, &guard.before);
}

int term_guard_stderr(void)
{
	return guard.real_stderr ? guard.real_stderr : STDERR_FILENO;
}

/* Only what a handler may call, here and below. */
static void give_stderr_back(void)
{
	if (!guard.real_stderr)
		return;
	char kept[1024];
	ssize_t n;
	dup2(guard.real_stderr, STDERR_FILENO);
	for (off_t at = 0;; at += n) {
		n = pread(guard.kept_stderr, kept, sizeof(kept), at);
		if (n <= 0 || term_write(STDERR_FILENO, kept, (size_t)n))
			break;
	}
	close(guard.real_stderr);
	close(guard.kept_stderr);
	guard.real_stderr = 0;
}

static void put_back(void)
{
	if (!guard.is_armed)
		return;
	guard.is_armed = 0;
	term_write(STDOUT_FILENO, guard.reset, guard.reset_len);
	tcsetattr(STDIN_FILENO, TCSANOW, &guard.before);
	give_stderr_back();
	term_write(STDERR_FILENO, guard.farewell, strlen(guard.farewell));
}

/* A fault happens again on return, with its address, for whoever handled it
 * before; what was sent by kill() or abort() has to be sent again. */
static void on_fatal(int signal, siginfo_t *info, void *context)
{
	(void)context;
	put_back();
	for (size_t i = 0; i < ARRAY_LEN(fatal); i++)
		sigaction(fatal[i], &guard.actions[i], NULL);
	if (info->si_code <= 0)
		raise(signal);
}

static void take_stderr(void)
{
	if (!isatty(STDERR_FILENO))
		return;
	guard.kept_stderr = memfd_create("stderr", MFD_CLOEXEC);
	guard.real_stderr = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
	if (guard.kept_stderr >= 0 && guard.real_stderr >= 0)
		dup2(guard.kept_stderr, STDERR_FILENO);
	else
		guard.real_stderr = 0;
}

/* A sanitizer writes its report to stderr and leaves without a signal. */
/* NOLINTNEXTLINE(bugprone-reserved-identifier) */
extern void __sanitizer_set_death_callback(void (*)(void))
	__attribute__((weak));

void term_guard_arm(void)
{
	guard.reset_len = term_caps_reset(guard.reset, sizeof(guard.reset));
	snprintf(guard.farewell, sizeof(guard.farewell), "%s\n",
		 _("outbox-tui died of an error of its own; the outbox is as "
		   "it was."));
	take_stderr();
	guard.stack = xmalloc(STACK_SIZE);
	sigaltstack(&(stack_t){.ss_sp = guard.stack, .ss_size = STACK_SIZE},
		    NULL);
	struct sigaction action = {
		.sa_sigaction = on_fatal,
		.sa_flags = (int)(SA_SIGINFO | SA_ONSTACK | SA_RESETHAND),
	};
	sigfillset(&action.sa_mask);
	for (size_t i = 0; i < ARRAY_LEN(fatal); i++)
		sigaction(fatal[i], &action, &guard.actions[i]);
	if (__sanitizer_set_death_callback)
		__sanitizer_set_death_callback(put_back);
	guard.is_armed = 1;
}

void term_guard_disarm(void)
{
	if (!term_is_in_background())
		tcsetattr(STDIN_FILENO, TCSADRAIN, &guard.before);
	if (!guard.is_armed)
		return;
	guard.is_armed = 0;
	for (size_t i = 0; i < ARRAY_LEN(fatal); i++)
		sigaction(fatal[i], &guard.actions[i], NULL);
	sigaltstack(&(stack_t){.ss_flags = SS_DISABLE}, NULL);
	free(guard.stack);
	guard.stack = NULL;
	give_stderr_back();
}
