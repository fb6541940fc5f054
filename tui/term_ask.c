/* What only the terminal itself can say. Before curses has it. */
#include "lib/clock.h"
#include "lib/util.h"
#include "tui/term.h"

#include <ctype.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

/* The column in an answer "\033[ROW;COLUMNR" that may stand among typed keys;
 * 0: it is not there yet. */
static int find_column(const char *answer)
{
	const char *end = strchr(answer, 'R');
	const char *at = strchr(answer, ';');
	return at && end && at < end ? (int)strtol(at + 1, NULL, 10) : 0;
}

static int read_column(void)
{
	enum { PATIENCE_MS = 100 };
	char answer[64] = "";
	size_t len = 0;
	int64_t until_ms = clock_mono_ms() + PATIENCE_MS;
	struct pollfd fd = {.fd = STDIN_FILENO, .events = POLLIN};
	while (!find_column(answer) && len < sizeof(answer) - 1) {
		int64_t left_ms = until_ms - clock_mono_ms();
		if (left_ms <= 0 || poll(&fd, 1, (int)left_ms) <= 0)
			break;
		ssize_t n = read(fd.fd, answer + len, sizeof(answer) - 1 - len);
		if (n <= 0)
			break;
		len += (size_t)n;
		answer[len] = '\0';
	}
	return find_column(answer);
}

bool term_draws_wide(void)
{
	static const char question[] = "\r─\033[6n", erase[] = "\r\033[K";
	const char *name = getenv("TERM");
	struct termios before, quiet;
	bool is_dumb = !name || strcmp(name, "dumb") == 0;
	if (is_dumb || !isatty(STDOUT_FILENO) ||
	    tcgetattr(STDIN_FILENO, &before) != 0)
		return false;
	quiet = before;
	quiet.c_lflag &= (tcflag_t) ~(ICANON | ECHO);
	tcsetattr(STDIN_FILENO, TCSANOW, &quiet);
	bool is_asked = write(STDOUT_FILENO, question, strlen(question)) > 0;
	int column = is_asked ? read_column() : 0;
	bool is_erased = write(STDOUT_FILENO, erase, strlen(erase)) > 0;
	tcsetattr(STDIN_FILENO, TCSANOW, &before);
	return is_erased && column > 2;
}
