#include "tui/script_act.h"

#include "lib/buf.h"
#include "lib/lang.h"
#include "lib/util.h"
#include "tui/fmt.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The tables take no more; reading stops behind it. */
enum { PAYLOAD_MAX = 65536 };

static int usage(const char *text)
{
	script_complain("%s", text);
	return EXIT_USAGE;
}

static int read_stream(FILE *file, struct buf *out)
{
	char block[4096];
	size_t len;
	while (out->len <= PAYLOAD_MAX &&
	       (len = fread(block, 1, sizeof(block), file)) > 0)
		buf_add(out, block, len);
	return ferror(file) ? -1 : 0;
}

static int read_file(const char *name, struct buf *out)
{
	FILE *file = strcmp(name, "-") == 0 ? stdin : fopen(name, "re");
	int rc = file ? read_stream(file, out) : -1;
	int why = errno;
	if (file && file != stdin)
		fclose(file);
	if (rc)
		script_complain(_("%s cannot be read: %s"), name,
				strerror(why));
	return rc ? EXIT_FAILED : 0;
}

/* JSON, @FILE or -; the newline at a file's end is not part of it. */
static int take_payload(struct script_act *s)
{
	const char *given = s->o->payload;
	scoped_buf text = {0};
	int rc = 0;
	if (given[0] == '@')
		rc = read_file(given + 1, &text);
	else if (strcmp(given, "-") == 0)
		rc = read_file(given, &text);
	else
		buf_adds(&text, given);
	if (rc)
		return rc;
	if (text.len > PAYLOAD_MAX + 1)
		return usage(_("the payload is larger than 65,536 bytes"));
	if (strlen(buf_str(&text)) != text.len)
		return usage(_("the payload holds a NUL byte"));
	if (given[0] != '{' && text.len && text.data[text.len - 1] == '\n')
		text.data[--text.len] = '\0';
	s->plan.payload = xstrdup(buf_str(&text));
	return 0;
}

static int check_edit(struct script_act *s)
{
	const struct script_options *o = s->o;
	if (!o->id || o->words)
		return usage(_("edit changes one row: name it with --id"));
	if (!o->payload)
		return usage(_("say what the payload becomes: --payload "
			       "JSON, @FILE or -"));
	if (strcmp(o->payload, "-") == 0 && !o->is_yes && !o->is_dry_run)
		return usage(_("with --payload - there is nobody to ask: add "
			       "--yes"));
	return take_payload(s);
}

static int check_rows(struct script_act *s)
{
	const struct script_options *o = s->o;
	if (!o->id == !o->words)
		return usage(_("say which rows: a filter, or --id"));
	if (o->id)
		return 0;
	int rc = script_filter(o, &s->filter);
	if (rc)
		return rc;
	/* As likely as not a variable of the script that was never set. */
	if (filter_is_empty(s->filter))
		return usage(_("an empty filter would match everything: name "
			       "at least a state, such as state:failed"));
	s->plan.filter = xstrdup(filter_text(s->filter));
	s->plan.max = o->max;
	return 0;
}

static int check_channel(struct script_act *s)
{
	s->plan.channel = xstrdup_or_null(s->o->words);
	return 0;
}

/* Channels are asked for with a reason or a yes, rows with a yes only. */
static bool is_confirmed(const struct script_act *s)
{
	bool has_rows = plan_states(s->plan.action);
	return s->o->is_yes || s->o->is_dry_run ||
	       (!has_rows && s->o->reason && s->o->reason[0]);
}

int script_act_check(struct script_act *s)
{
	int rc;
	if (s->plan.action == ACT_EDIT)
		rc = check_edit(s);
	else if (plan_states(s->plan.action))
		rc = check_rows(s);
	else
		rc = check_channel(s);
	if (rc)
		return rc;
	s->plan.reason = xstrdup_or_null(s->o->reason);
	if (is_confirmed(s) || script_has_person())
		return 0;
	return usage(plan_states(s->plan.action)
			     ? _("nobody is there to ask: add --yes, or "
				 "--dry-run to see what it would change")
			     : _("nobody is there to ask: add --reason TEXT "
				 "or --yes"));
}

static char *question(const struct plan *plan)
{
	struct fmt number = fmt_number((int64_t)plan->count);
	switch (plan->action) {
	case ACT_RETRY:
		return xasprintf(
			P_("Retry %s row?", "Retry %s rows?", plan->count),
			number.s);
	case ACT_EDIT:
		return xasprintf(_("Replace the payload of #%lld and send it "
				   "again?"),
				 (long long)plan->rows[0].id);
	case ACT_CANCEL:
		return xasprintf(
			P_("Cancel %s row?", "Cancel %s rows?", plan->count),
			number.s);
	case ACT_PAUSE:
		return plan->channel ? xasprintf(_("Pause channel %s?"),
						 plan->channel)
				     : xstrdup(_("Pause ALL channels?"));
	case ACT_RESUME:
		return plan->channel ? xasprintf(_("Resume channel %s?"),
						 plan->channel)
				     : xstrdup(_("Resume ALL channels?"));
	case ACT_UNDO:
	case ACT_ACTION_COUNT:
		break;
	}
	return xstrdup("");
}

static bool is_answered(const char *answer)
{
	char line[64];
	if (!fgets(line, sizeof(line), stdin))
		return false;
	line[strcspn(line, "\r\n")] = '\0';
	return strcmp(line, answer) == 0;
}

bool script_act_confirm(const struct script_act *s)
{
	if (is_confirmed(s))
		return true;
	const struct plan *plan = &s->plan;
	scoped_free char *asked = question(plan);
	if (plan->unsure)
		fprintf(stderr,
			P_("%lld may reach its recipient twice: an earlier "
			   "try may have arrived.\n",
			   "%lld may reach their recipients twice: an earlier "
			   "try may have arrived.\n",
			   plan->unsure),
			(long long)plan->unsure);
	scoped_free char *answer = xstrdup("y");
	if (plan->count > PLAN_TYPE_ABOVE) {
		free(answer);
		answer = xasprintf("%zu", plan->count);
		fprintf(stderr, _("%s Type the number %s to go on: "), asked,
			answer);
	} else {
		fprintf(stderr, "%s [y/N] ", asked);
	}
	if (is_answered(answer))
		return true;
	script_complain("%s", _("nothing was changed"));
	return false;
}
