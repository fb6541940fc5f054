#include "relay/http_easy.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

CURL *http_easy_create(const struct http_options *o, char *error)
{
	CURL *easy = curl_easy_init();
	if (!easy)
		abort();
	curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, error);
	curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(easy, CURLOPT_USERAGENT,
			 "outbox-relay/" OUTBOX_VERSION);
	curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS,
			 (long)o->connect_timeout_ms);
	curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)o->timeout_ms);
	if (o->ca_file)
		curl_easy_setopt(easy, CURLOPT_CAINFO, o->ca_file);
	return easy;
}

void http_easy_set_proxy(CURL *easy, const char *url)
{
	bool is_plain = strncmp(url, "http:", strlen("http:")) == 0;
	curl_easy_setopt(easy, CURLOPT_PROXY, is_plain ? "" : NULL);
}
