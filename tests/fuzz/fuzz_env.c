/* A .env file of anybody's: no harm, and the AppSecret in it is in nothing that
 * is shown. The input is two digits (how the secret's line begins and ends),
 * the lines before it, a NUL byte, and what comes behind it. */
#include "lib/buf.h"
#include "lib/util.h"
#include "relay/config.h"
#include "tests/fuzz/fuzz.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define SECRET_TAIL "123456789abcdef0123456789abcdef"
#define SECRET	    "0" SECRET_TAIL

static const char *const heads[] = {
	"",
	"MINIPROGRAM_APPSECRET=",
	"MINIPROGRAM_APPSECRET='",
	"MINIPROGRAM_APPSECRET=\"",
	"MINIPROGRAM_APPSECRET: `",
	" export MINIPROGRAM_APPSECRET = ",
	"WEBHOOK_CRM_URL=https://crm.example/a?key=",
	"WEBHOOK_CRM_SECRET=x" SECRET " whsec_",
};

static const char *const tails[] = {"\n", "'\n", "\"\n", "`\n",
				    "\r", " #",	 "",	 "中 "};

static char *make_text(struct fuzz_input *in, size_t *len_out)
{
	struct buf b = {0};
	const char *head = heads[fuzz_take(in, ARRAY_LEN(heads))];
	const char *tail = tails[fuzz_take(in, ARRAY_LEN(tails))];
	const char *split = in->left ? memchr(in->at, '\0', in->left) : NULL;
	size_t before = split ? (size_t)(split - in->at) : in->left;
	buf_add(&b, in->at, before);
	if (*head)
		buf_addf(&b, "\n%s%s%s", head, SECRET, tail);
	if (split)
		buf_add(&b, split + 1, in->left - before - 1);
	*len_out = b.len;
	return buf_detach(&b);
}

/* The path of a file that holds the text; good until the next call. */
static const char *put_file(const char *text, size_t len)
{
	static int file = -1;
	static char path[64];
	if (file < 0) {
		file = memfd_create("env", MFD_CLOEXEC);
		assert(file >= 0);
		snprintf(path, sizeof(path), "/proc/self/fd/%d", file);
	}
	assert(ftruncate(file, 0) == 0);
	assert(pwrite(file, text, len, 0) == (ssize_t)len);
	return path;
}

static void check_problems(const struct config_problems *p)
{
	for (size_t i = 0; i < p->count; i++) {
		fuzz_check_clean(p->list[i].where);
		fuzz_check_clean(p->list[i].text);
		assert(!strstr(p->list[i].where, SECRET));
		assert(!strstr(p->list[i].text, SECRET));
	}
}

static void check_printed(const struct config *config)
{
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);
	config_print(config, out);
	fclose(out);
	assert(fuzz_is_utf8(text, len) && !strstr(text, SECRET));
	free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz_input in = fuzz_begin(data, size);
	clearenv();
	/* It may stand where it is no secret; "\xf0" may give it its 0. */
	if (memmem(data, size, SECRET_TAIL, strlen(SECRET_TAIL)))
		return 0;
	size_t len;
	scoped_free char *text = make_text(&in, &len);
	const char *path = put_file(text, len);
	struct config_problems problems = {0};
	struct config config = {0};
	if (config_load(&config, &path, 1, &problems) == 0) {
		assert(problems.error_count == 0);
		config_missing_for_wechat(&config, &problems);
		check_printed(&config);
		config_finish(&config);
	} else {
		assert(problems.error_count > 0 && !config.db_path);
	}
	check_problems(&problems);
	config_problems_finish(&problems);
	return 0;
}
