#include "relay/config_alert.h"

#include "lib/buf.h"
#include "lib/lang.h"
#include "relay/config_adopt.h"

#include <string.h>

static bool is_webhook(const struct config_channel *c)
{
	return c->url[0] != '\0';
}

/* A template can hold no text of ours: WeChat's channels tell no alert. */
void config_check_alert(const struct config_adoption *a)
{
	static const char setting[] = "RELAY_ALERT_CHANNEL";
	const struct config *config = a->config;
	const char *name = config->alert.channel;
	const struct config_channel *c = config_find_channel(config, name);
	if (!*name || (c && is_webhook(c)))
		return;
	scoped_buf names = {0};
	for (size_t i = 0; i < config->channel_count; i++) {
		if (is_webhook(&config->channels[i]))
			buf_addf(&names, "%s%s", names.len ? ", " : "",
				 config->channels[i].name);
	}
	if (!names.len)
		buf_adds(&names, _("none (WEBHOOK_<NAME>_URL)"));
	config_problems_add(
		a->problems, CONFIG_ERROR, config_get_source(config, setting),
		c ? _("%s: alerts need a webhook or robot, not \"%s\"; there "
		      "is %s")
		  : _("%s: there is no webhook \"%s\"; there is %s"),
		setting, name, buf_str(&names));
}
