/*
 * From offers to fields: the steps of config_load that come after reading. Only
 * for relay/config*.c.
 */
#pragma once

#include "relay/config_offer.h"

/* What the steps share. */
struct config_adoption {
	struct config *config;
	const struct config_offers *offers;
	struct config_problems *problems;
};

/* Reads the offer for a setting of that channel ("": of no single one), or else
 * the fallback, into the field, and says in *origin where it is from; what is
 * wrong becomes a problem. */
void config_adopt(const struct config_adoption *a,
		  const struct setting *setting, const char *channel,
		  const char *fallback, void *field,
		  struct config_origin *origin);

/* Makes config->channels, when all rows of struct config are adopted, and
 * checks that routes lead to one of them. */
void config_adopt_channels(const struct config_adoption *a);

/* Makes a webhook, whose rows are adopted, the robot that its kind says. */
void config_adopt_robot(const struct config_adoption *a,
			struct config_channel *channel);

/* Whether a webhook of no such kind leads to a robot all the same, which is
 * said: a robot answers 200 to what it does not understand. */
bool config_refuse_robot(const struct config_adoption *a,
			 const struct config_channel *channel);

/* Checks that alerts go to a webhook that there is. */
void config_check_alert(const struct config_adoption *a);

/* Gives the webhooks' secrets to secret_set. */
void config_register_channels(const struct config *config);

void config_origin_finish(struct config_origin *origin);
void config_channels_finish(struct config *config);
