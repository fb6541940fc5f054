/* Waiting for what happens next: a key, a signal, or nothing for a while. */
#include "lib/clock.h"
#include "lib/util.h"
#include "tui/term_internal.h"

#include <errno.h>
#include <poll.h>
#include <unistd.h>

/* The end waits for no key, a new size only once for all of them. */
static enum term_event take_signals(struct term *t, int32_t *key_out)
{
	bool is_resumed = false, is_resized = false;
	int signal;
	while (!t->ended_by && (signal = term_signals_next(t)) != 0) {
		if (signal == SIGWINCH) {
			is_resized = true;
		} else if (signal == SIGTSTP) {
			term_suspend(t);
			is_resumed = true;
		} else if (signal == SIGCONT) {
			reset_prog_mode();
			is_resumed = true;
		} else {
			t->ended_by = signal;
		}
	}
	if (t->ended_by) {
		*key_out = t->ended_by;
		return TERM_ENDED;
	}
	bool is_other_size = (is_resized || is_resumed) && term_follow_size(t);
	if (is_resumed)
		t->is_shown = false;
	return is_resumed      ? TERM_RESUMED
	       : is_other_size ? TERM_RESIZED
			       : TERM_NOTHING;
}

/* A terminal that has something to read and gives nothing is gone. */
static bool is_gone(struct term *t, short happened)
{
	enum { MANY = 100 };
	if (happened & (POLLERR | POLLNVAL))
		return true;
	if (happened & (POLLIN | POLLHUP))
		t->empty_reads++;
	return t->empty_reads > MANY;
}

static int left_ms(int64_t until_ms, int timeout_ms)
{
	if (timeout_ms < 0)
		return -1;
	return (int)MAX(until_ms - clock_mono_ms(), 0);
}

/* Curses may hold keys that it has read already: it is asked before each
 * wait. */
enum term_event term_wait(struct term *t, int timeout_ms, int32_t *key_out)
{
	int64_t until_ms = clock_mono_ms() + timeout_ms;
	struct pollfd fds[] = {
		{.fd = STDIN_FILENO, .events = POLLIN},
		{.fd = t->signal_fd, .events = POLLIN},
	};
	for (;;) {
		enum term_event event = take_signals(t, key_out);
		if (event != TERM_NOTHING)
			return event;
		int32_t key = term_key_next(t);
		if (key != INPUT_NONE) {
			*key_out = key;
			return TERM_KEY;
		}
		int left = left_ms(until_ms, timeout_ms);
		int rc = poll(fds, ARRAY_LEN(fds), left);
		if (rc > 0 && is_gone(t, fds[0].revents))
			return TERM_GONE;
		if (rc == 0 || (rc < 0 && errno != EINTR))
			return TERM_NOTHING;
	}
}
