/* What is different where a webhook is a group chat's robot: its limits are the
 * platform's, its key is in its URL, and a secret is for those that sign. */
#include "relay/config_adopt.h"

#include "lib/lang.h"
#include "lib/util.h"
#include "relay/config_table.h"
#include "relay/robot.h"
#include "relay/webhook_sign.h"

#include <assert.h>

static const char url_row[] = WEBHOOK_MARK "URL";
static const char secret_row[] = WEBHOOK_MARK "SECRET";

static const struct setting *find_row(const char *name)
{
	const struct setting *s = config_table_find(name);
	assert(s);
	return s;
}

static const struct config_offer *find_own(const struct config_adoption *a,
					   const struct config_channel *c,
					   const char *name)
{
	const struct config_offer *o =
		config_offers_find(a->offers, find_row(name), c->name);
	return o && *o->text ? o : NULL;
}

/* What the platform takes, unless this channel's own setting says otherwise or
 * the general one says less. */
static void limit(const struct config_adoption *a,
		  const struct config_channel *c, const char *name, int most,
		  int *field)
{
	if (!most || find_own(a, c, name))
		return;
	*field = *field ? MIN(*field, most) : most;
}

/* Where the channel's own setting stands. */
static const char *place_of(const struct config_adoption *a,
			    const struct config_channel *c, const char *row)
{
	const struct config_offer *o = find_own(a, c, row);
	return o ? o->where : "default";
}

static void check_url(const struct config_adoption *a,
		      const struct config_channel *c, const struct robot *robot)
{
	size_t len = 0;
	/* One that is no URL at all has been complained of. */
	if (!*c->url || robot_url_key(robot, c->url, &len))
		return;
	scoped_free char *name = config_name_print(find_row(url_row), c->name);
	config_problems_add(a->problems, CONFIG_ERROR, place_of(a, c, url_row),
			    _("%s: a robot of %s has %s<KEY> in its URL: copy "
			      "it from the robot's page in the group's "
			      "settings"),
			    name, robot->name, robot->url_mark);
}

static void check_secret(const struct config_adoption *a,
			 const struct config_channel *c,
			 const struct robot *robot)
{
	size_t len = 0;
	const char *first = webhook_secrets_next(c->secrets, &len);
	const char *where = place_of(a, c, secret_row);
	scoped_free char *name =
		config_name_print(find_row(secret_row), c->name);
	if (first && !robot->sign)
		config_problems_add(a->problems, CONFIG_WARNING, where,
				    _("%s is of no use: a robot of %s has no "
				      "signature"),
				    name, robot->name);
	else if (first && webhook_secrets_next(first + len, &len))
		config_problems_add(a->problems, CONFIG_ERROR, where,
				    _("%s: a robot has one secret, and these "
				      "are several"),
				    name);
}

void config_adopt_robot(const struct config_adoption *a,
			struct config_channel *c)
{
	const struct robot *robot = robot_find(c->webhook_kind);
	assert(robot);
	c->kind = robot->name;
	c->is_minute_rolling = true;
	limit(a, c, "RELAY_CONCURRENCY", robot->at_once, &c->at_once);
	limit(a, c, "RELAY_RATE", robot->rate, &c->rate);
	limit(a, c, "RELAY_PER_MINUTE", robot->per_minute, &c->per_minute);
	check_url(a, c, robot);
	check_secret(a, c, robot);
}

bool config_refuse_robot(const struct config_adoption *a,
			 const struct config_channel *c)
{
	const struct robot *robot = robot_of_url(c->url);
	if (!robot)
		return false;
	scoped_free char *kind =
		config_name_print(find_row(WEBHOOK_MARK "KIND"), c->name);
	scoped_free char *url = config_name_print(find_row(url_row), c->name);
	config_problems_add(a->problems, CONFIG_ERROR, place_of(a, c, url_row),
			    _("%s is that of a robot: set %s=%s"), url, kind,
			    robot->name);
	return true;
}
