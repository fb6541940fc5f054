#include "relay/config_parse.h"

#include "lib/lang.h"
#include "lib/util.h"

#include <stdlib.h>
#include <string.h>

void config_parse_routes_clear(struct config_routes *routes)
{
	for (size_t i = 0; i < routes->count; i++) {
		free(routes->list[i].type);
		free(routes->list[i].channel);
		free(routes->list[i].recipient_path);
	}
	free(routes->list);
	*routes = (struct config_routes){0};
}

static bool has_route(const struct config_routes *routes, const char *type)
{
	for (size_t i = 0; i < routes->count; i++) {
		if (strcmp(routes->list[i].type, type) == 0)
			return true;
	}
	return false;
}

static void trim_end(char *s)
{
	size_t len = strlen(s);
	while (len > 0 && strchr(" \t", s[len - 1]))
		s[--len] = '\0';
}

/* Adds "type=channel" or "type=channel:$.path"; cuts the piece up. */
static char *add_route(const struct setting *s, char *piece,
		       struct config_routes *routes)
{
	char *channel = strchr(piece, '=');
	if (!channel || channel == piece)
		return config_parse_not_a(piece, _("route (type=channel or "
						   "type=channel:$.path)"));
	*channel++ = '\0';
	trim_end(piece);
	channel += strspn(channel, " \t");
	char *path = strchr(channel, ':');
	if (path)
		*path++ = '\0';
	if (has_route(routes, piece))
		return xasprintf(_("type \"%s\" has two routes"), piece);
	if (routes->count == CONFIG_ROUTES_MAX)
		return xasprintf(_("more than %d routes"), CONFIG_ROUTES_MAX);

	struct config_route route = {0};
	char *why = config_parse_name(s, channel, &route.channel);
	if (!why && path)
		why = config_parse_json_path(s, path, &route.recipient_path);
	if (why) {
		free(route.channel);
		return why;
	}
	route.type = xstrdup(piece);
	routes->list =
		xrealloc(routes->list, (routes->count + 1) * sizeof(route));
	routes->list[routes->count++] = route;
	return NULL;
}

char *config_parse_routes(const struct setting *s, const char *text,
			  void *field)
{
	struct config_routes routes = {0};
	for (const char *rest = *text ? text : NULL; rest;) {
		scoped_free char *piece = config_parse_next_piece(&rest);
		char *why = add_route(s, piece, &routes);
		if (why) {
			config_parse_routes_clear(&routes);
			return why;
		}
	}
	*(struct config_routes *)field = routes;
	return NULL;
}
