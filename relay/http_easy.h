/*
 * What every request of ours asks of curl: which schemes, certificates, times
 * and proxies. For relay/http*.c alone; CURLcode and curl stop there.
 */
#pragma once

#include "relay/http.h"

#include <curl/curl.h>

/* A handle with that, and with `error`, of CURL_ERROR_SIZE bytes, to write to.
 * connections_kept is not looked at. The caller ends it with
 * curl_easy_cleanup. */
CURL *http_easy_create(const struct http_options *options, char *error);

/* The proxy for a URL: that of the environment, and none for plain HTTP, which
 * is for loopback only. */
void http_easy_set_proxy(CURL *easy, const char *url);
