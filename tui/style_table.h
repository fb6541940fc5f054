/* STYLE(NAME, letter, foreground, background, attributes)
 *
 * What cells look like, by meaning. The letter stands for it in dumps of the
 * screen. Colours are the eight of every colour terminal, NONE the terminal's
 * own; a terminal without colours shows the attributes alone, so that no two
 * styles whose difference matters may differ in colour only. */
/* clang-format off */
STYLE(TEXT, '.', NONE, NONE, 0)
STYLE(STRONG, 'b', NONE, NONE, BOLD)
STYLE(DIM, 'd', NONE, NONE, DIM)
STYLE(TITLE, 't', NONE, NONE, BOLD | REVERSE)
STYLE(TAB, 'a', NONE, NONE, 0)
STYLE(TAB_HERE, 'A', NONE, NONE, BOLD | REVERSE)
STYLE(HEAD, 'h', CYAN, NONE, BOLD)
STYLE(CURSOR, 'c', NONE, NONE, REVERSE)
STYLE(MARKED, 'm', YELLOW, NONE, BOLD)
STYLE(GOOD, 'g', GREEN, NONE, 0)
STYLE(WARN, 'w', YELLOW, NONE, BOLD)
STYLE(BAD, 'r', RED, NONE, BOLD)
STYLE(BANNER, 'B', WHITE, RED, BOLD | REVERSE_MONO)
STYLE(KEY, 'k', CYAN, NONE, BOLD)
STYLE(HINT, 'i', NONE, NONE, DIM)
STYLE(STATUS, 's', NONE, NONE, 0)
STYLE(FRAME, 'f', CYAN, NONE, 0)
STYLE(FIELD, 'e', NONE, NONE, UNDERLINE)
STYLE(BUTTON, 'o', NONE, NONE, 0)
STYLE(BUTTON_HERE, 'O', NONE, NONE, BOLD | REVERSE)
STYLE(MATCH, 'M', BLACK, YELLOW, REVERSE_MONO)
STYLE(CHART, 'C', CYAN, NONE, 0)
STYLE(CHART_BAD, 'R', RED, NONE, 0)
STYLE(NAME, 'n', CYAN, NONE, 0)
STYLE(STRING, 'q', GREEN, NONE, 0)
STYLE(NUMBER, '#', YELLOW, NONE, 0)
/* clang-format on */
