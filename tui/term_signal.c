/* Signals come in order with the keys: none interrupts anything. */
#include "lib/util.h"
#include "tui/term_internal.h"

#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <unistd.h>

static const int numbers[TERM_SIGNAL_COUNT] = {
	[TERM_HUP] = SIGHUP,	 [TERM_QUIT] = SIGQUIT, [TERM_CONT] = SIGCONT,
	[TERM_INT] = SIGINT,	 [TERM_TERM] = SIGTERM, [TERM_TSTP] = SIGTSTP,
	[TERM_WINCH] = SIGWINCH,
};

int term_signals_next(struct term *t)
{
	struct signalfd_siginfo info;
	ssize_t n = read(t->signal_fd, &info, sizeof(info));
	return n == sizeof(info) ? (int)info.ssi_signo : 0;
}

int term_signals_take(struct term *t)
{
	sigemptyset(&t->signals);
	for (size_t i = 0; i < ARRAY_LEN(numbers); i++) {
		sigaddset(&t->signals, numbers[i]);
		sigaction(numbers[i], NULL, &t->before[i]);
	}
	sigprocmask(SIG_BLOCK, &t->signals, &t->mask_before);
	t->signal_fd = signalfd(-1, &t->signals, SFD_CLOEXEC | SFD_NONBLOCK);
	return t->signal_fd < 0 ? -1 : 0;
}

/* A second one of what ends us, as a hangup sends, would cut the end short. */
void term_signals_give_back(struct term *t)
{
	while (t->signal_fd >= 0 && term_signals_next(t))
		continue;
	for (size_t i = 0; i < ARRAY_LEN(numbers); i++)
		sigaction(numbers[i], &t->before[i], NULL);
	sigprocmask(SIG_SETMASK, &t->mask_before, NULL);
	if (t->signal_fd >= 0)
		close(t->signal_fd);
}

/* The keyboard's signals went to the whole process group; the others were
 * meant for us. */
void term_signals_forget(struct term *t)
{
	int signal;
	while ((signal = term_signals_next(t)) != 0) {
		if (signal == SIGTERM || signal == SIGHUP)
			t->ended_by = signal;
	}
}

bool term_follow_size(struct term *t)
{
	enum { MOST = 4096 };
	struct winsize size;
	bool is_known = ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 &&
			size.ws_row > 0 && size.ws_col > 0;
	if (!is_known)
		return false;
	int rows = MIN((int)size.ws_row, MOST);
	int cols = MIN((int)size.ws_col, MOST);
	if (rows == getmaxy(stdscr) && cols == getmaxx(stdscr))
		return false;
	t->is_shown = false;
	return resize_term(rows, cols) == OK;
}

void term_return(struct term *t)
{
	flushinp();
	term_signals_forget(t);
	term_follow_size(t);
	t->is_shown = false;
}
