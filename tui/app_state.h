/*
 * The state of the app: connections, tabs with their views, boxes, and what is
 * to be told to the operator or done by the terminal's side.
 */
#pragma once

#include "tui/app.h"
#include "tui/view.h"

#include <sys/types.h>

enum {
	APP_DEPTH = 16,	     /* views over each other in a tab */
	APP_BOXES = 8,	     /* boxes over each other */
	APP_ERRORS = 50,     /* kept for :errors */
	APP_ALARMS = 12,     /* lines for the banner */
	APP_CHECK_MS = 250,  /* between two looks whether anything changed */
	APP_STAT_MS = 1000,  /* and whether the file is still the same */
	APP_PATIENCE_MS = 5, /* for a lock, at most */
	APP_RETRY_MS = 250,  /* the first wait after DB_BUSY; doubles */
	APP_RETRY_MAX_MS = 2000,
	APP_BUSY_MS = 500,    /* shorter than this, nobody is told */
	APP_STALE_MS = 30000, /* what depends on the time is read again */
	APP_BOX_PAINT_MS = 100,
	APP_BOX_MS = 20,     /* a box at work looks again */
	APP_TWICE_MS = 1000, /* between the two Ctrl-C that leave */
	APP_SMALL_COLS = 60,
	APP_SMALL_ROWS = 12, /* below: one column */
	APP_TINY_COLS = 20,
	APP_TINY_ROWS = 4,  /* below: three words */
	APP_WIDE_COLS = 110 /* from here on: long labels */
};

struct app_error {
	int64_t at_ms;
	char *text; /* own */
};

/* The way to the database. */
struct app_link {
	struct db *db;			   /* own; NULL: not open */
	struct db *writer;		   /* own; NULL: was not needed yet */
	struct planner *planner;	   /* own */
	struct pulse_reader *pulse_reader; /* own */
	struct counts *counts;		   /* own */
	struct pulse pulse;
	ino_t inode;
	dev_t device;
	int64_t bytes;
	bool is_gone;	  /* there is no file of that name any more */
	bool is_replaced; /* it is another file now */
	char *problem;	  /* own; why it cannot be opened, NULL */

	bool has_changed; /* since what is shown was read */
	bool is_wanted;	  /* the operator asks: now, frozen or not */
	bool is_asked;	  /* so the refresh under way was */
	bool is_pulse_read, is_counted, is_view_read;
	int64_t check_at, stat_at, open_at; /* monotonic */
	int64_t refreshed_at, pulse_at, stale_at;
	int64_t busy_since; /* 0: not busy */
	int64_t busy_wall_ms;
	int64_t retry_at, retry_ms;
	bool is_failed;	      /* since busy_since, and not just a lock */
	int64_t good_wall_ms; /* when what is shown was right */
};

struct app_tab {
	struct view *views[APP_DEPTH]; /* own */
	size_t depth;
	int from; /* the tab that Enter came from; -1: none */
};

struct app {
	struct app_options options;
	char *path; /* own */
	int64_t wall_ms, mono_ms;
	int rows, cols;
	bool is_unmask_due; /* --unmask, and not yet in the audit */
	bool is_dirty, is_frozen, is_read_only, is_unmasked, has_mouse;
	bool is_unwritable; /* the rights of the file say so */
	enum fmt_time times;
	struct app_link link;

	struct app_tab tabs[TAB_COUNT];
	enum tab tab, last_tab;
	char *filters[TAB_COUNT]; /* own; kept when the file is opened anew */
	struct box *boxes[APP_BOXES]; /* own */
	size_t box_count;
	struct view *dead_views[APP_DEPTH]; /* own; ended after the key */
	size_t dead_view_count;
	struct box *dead_boxes[APP_BOXES]; /* own */
	size_t dead_box_count;
	int64_t box_at;	 /* monotonic; when it is painted again */
	int64_t wake_at; /* monotonic; 0: nobody waits */

	char *notice; /* own; NULL */
	enum style notice_style;
	struct app_error errors[APP_ERRORS];
	size_t error_count;

	enum app_effect effect;
	char *effect_text; /* own */
	size_t effect_len;
	const char *words; /* borrowed; while app_do runs */
	char *search;	   /* own; what was last searched */
	int64_t interrupted_at;
	char *menu_channels; /* own; names of the open menu, a NUL each */
	struct {
		int64_t id;
		char *path, *before; /* own; NULL: nothing is edited */
		size_t before_len;
		bool is_kept; /* a text that no row has yet */
	} edit;
};
