/* A payload's way through $EDITOR: a private file, that ends when the row has
 * what is in it. A whole text is lost at no turn of that way. */
#include "lib/lang.h"
#include "lib/util.h"
#include "tui/app_internal.h"
#include "tui/item.h"

#include <cjson/cJSON.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { KILLED = 128 }; /* and the signal's number, as shells say it */

void app_edit_end(struct app *app)
{
	if (app->edit.path && !app->edit.is_kept)
		unlink(app->edit.path);
	free(steal(&app->edit.path));
	free(steal(&app->edit.before));
	app->edit.is_kept = false;
}

static void drop(struct app *app)
{
	app->edit.is_kept = false;
	app_edit_end(app);
}

void app_edit_settle(struct app *app, bool is_written)
{
	if (!app->edit.path)
		return;
	if (is_written) {
		drop(app);
		return;
	}
	scoped_free char *said = steal(&app->notice);
	app_notice(app, STYLE_WARN, _("Your text is kept in %s. %s"),
		   app->edit.path, said ? said : "");
}

static int write_all(int fd, const char *data, size_t len)
{
	while (len) {
		ssize_t n = write(fd, data, len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		data += n;
		len -= (size_t)n;
	}
	return 0;
}

/* In the user's own run-time folder, which nobody else can read and no reboot
 * keeps, if there is one. */
static char *make_file(int64_t id, const char *data, size_t len)
{
	const char *const dirs[] = {getenv("XDG_RUNTIME_DIR"), getenv("TMPDIR"),
				    "/tmp"};
	for (size_t i = 0; i < ARRAY_LEN(dirs); i++) {
		if (!dirs[i] || dirs[i][0] != '/')
			continue;
		char *path = xasprintf("%s/outbox-%lld-XXXXXX.json", dirs[i],
				       (long long)id);
		int fd = mkstemps(path, 5); /* of mode 0600 */
		if (fd >= 0 && write_all(fd, data, len) == 0 && close(fd) == 0)
			return path;
		if (fd >= 0)
			unlink(path);
		free(path);
	}
	return NULL;
}

static void ask_editor(struct app *app)
{
	free(app->effect_text);
	app->effect_text = xstrdup(app->edit.path);
	app->effect_len = strlen(app->effect_text);
	app->effect = EFFECT_EDIT;
}

static int read_item(struct app *app, int64_t id, struct item *item)
{
	if (!app->link.db)
		return -1;
	struct item_reader *r = item_reader_create(app->link.db);
	int rc = item_read(r, id, item, app->wall_ms);
	item_reader_destroy(r);
	return rc;
}

static void remember(struct app *app, const struct item *item)
{
	free(app->edit.before);
	app->edit.id = item->row.id;
	app->edit.before = xstrndup(item->payload, item->payload_len);
	app->edit.before_len = item->payload_len;
}

static void begin(struct app *app, const struct item *item)
{
	app_edit_end(app);
	remember(app, item);
	app->edit.path =
		make_file(item->row.id, item->payload, item->payload_len);
	if (app->edit.path)
		ask_editor(app);
	else
		app_notice(app, STYLE_BAD,
			   _("no private file can be made for it: %s"),
			   strerror(errno));
}

static void kept_chosen(struct app *app, void *arg, int32_t key)
{
	(void)arg;
	if (!app->edit.path)
		return;
	if (key == 'e')
		ask_editor(app);
	if (key != 'd')
		return;
	drop(app);
	app_edit(app, app->edit.id);
}

static void ask_kept(struct app *app)
{
	const struct menu_row rows[] = {
		{'e', _("go on with it"), true},
		{'d', _("drop it, and begin with the payload as it is"), false},
	};
	scoped_free char *title =
		xasprintf(_("A text of yours for #%lld is kept"),
			  (long long)app->edit.id);
	app_open_box(app, box_menu_create(title, rows, ARRAY_LEN(rows),
					  kept_chosen, NULL));
}

static void refuse(struct app *app, const struct row *row)
{
	if (row->status == MESSAGE_SENDING)
		app_notice(app, STYLE_WARN,
			   _("#%lld is on the wire: its payload cannot be "
			     "edited"),
			   (long long)row->id);
	else
		app_notice(app, STYLE_WARN,
			   _("#%lld was delivered: its payload cannot be "
			     "edited"),
			   (long long)row->id);
}

void app_edit(struct app *app, int64_t id)
{
	struct item item = {0};
	int rc = read_item(app, id, &item);
	if (rc != 0) {
		app_notice(app, STYLE_WARN, "%s",
			   rc == ITEM_GONE ? _("that row is gone")
					   : _("it cannot be read just now"));
		return;
	}
	unsigned states = plan_states(ACT_EDIT);
	bool is_kept = app->edit.is_kept && app->edit.id == id &&
		       access(app->edit.path, R_OK) == 0;
	if (!(states & 1U << item.row.status)) {
		refuse(app, &item.row);
	} else if (is_kept) {
		remember(app, &item);
		ask_kept(app);
	} else {
		begin(app, &item);
	}
	item_finish(&item);
}

static int read_file(const char *path, struct buf *out)
{
	char block[4096];
	FILE *f = fopen(path, "re");
	if (!f)
		return -1;
	size_t n;
	while ((n = fread(block, 1, sizeof(block), f)) > 0)
		buf_add(out, block, n);
	int rc = ferror(f) ? -1 : 0;
	fclose(f);
	return rc;
}

/* Editors end a file with a newline of their own. */
static void trim_newline(struct app *app, struct buf *b)
{
	const char *old = app->edit.before;
	size_t len = app->edit.before_len;
	bool had = len && old[len - 1] == '\n';
	if (!had && b->len && b->data[b->len - 1] == '\n')
		b->data[--b->len] = '\0';
}

/* What the tables would refuse is better said while the file still exists. */
static const char *find_fault(const struct buf *b)
{
	enum { MOST = 65536 };
	if (strlen(buf_str(b)) != b->len)
		return _("it holds a NUL byte");
	if (b->len > MOST)
		return _("it is larger than 65,536 bytes");
	cJSON *json = cJSON_ParseWithOpts(buf_str(b), NULL, 1);
	const char *fault = !json		    ? _("it is no valid JSON")
			    : !cJSON_IsObject(json) ? _("it is no JSON object")
						    : NULL;
	cJSON_Delete(json);
	return fault;
}

static void fault_chosen(struct app *app, void *arg, int32_t key)
{
	(void)arg;
	if (!app->edit.path)
		return;
	if (key == 'd') {
		drop(app);
		app_notice(app, STYLE_TEXT,
			   _("dropped: the payload is as it was"));
	} else {
		ask_editor(app);
	}
}

static void ask_again(struct app *app, const char *fault)
{
	const struct menu_row rows[] = {
		{'e', _("edit again: nothing is lost"), true},
		{'d', _("drop what was typed"), false},
	};
	scoped_free char *title = xasprintf(_("Not taken: %s"), fault);
	app_open_box(app, box_menu_create(title, rows, ARRAY_LEN(rows),
					  fault_chosen, NULL));
}

static void take(struct app *app, struct buf *b)
{
	struct plan *plan = xcalloc(1, sizeof(*plan));
	int64_t id = app->edit.id;
	plan_init(plan, ACT_EDIT);
	plan->payload = buf_detach(b);
	app->edit.is_kept = true;
	app_act_open(app, plan, &id, 1, LIST_ALL);
}

static bool is_unchanged(const struct app *app, const struct buf *b)
{
	return b->len == app->edit.before_len &&
	       memcmp(buf_str(b), app->edit.before, b->len) == 0;
}

/* An editor that gives up means it; one that was killed may have written much
 * before. */
static void give_up(struct app *app, int exit_code)
{
	scoped_buf b = {0};
	app_notice(app, STYLE_WARN,
		   _("the editor ended with %d: nothing was changed"),
		   exit_code);
	if (exit_code > KILLED && read_file(app->edit.path, &b) == 0) {
		trim_newline(app, &b);
		app->edit.is_kept |= b.len && !is_unchanged(app, &b);
	}
	if (app->edit.is_kept)
		app_edit_settle(app, false);
	else
		app_edit_end(app);
}

void app_edited(struct app *app, int exit_code)
{
	scoped_buf b = {0};
	if (!app->edit.path)
		return;
	app->is_dirty = true;
	if (exit_code != 0) {
		give_up(app, exit_code);
		return;
	}
	if (read_file(app->edit.path, &b) != 0) {
		app->edit.is_kept = true;
		app_edit_end(app);
		app_notice(app, STYLE_BAD, _("the file cannot be read back"));
		return;
	}
	trim_newline(app, &b);
	const char *fault = find_fault(&b);
	if (is_unchanged(app, &b)) {
		drop(app);
		app_notice(app, STYLE_TEXT, _("the payload is unchanged"));
	} else if (fault) {
		ask_again(app, fault);
	} else {
		take(app, &b);
	}
}
