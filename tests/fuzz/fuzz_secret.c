/* Secrets never survive redaction. The input is two lines, each a secret, and a
 * text in which the bytes 1 to 6 stand for one of them: plain, percent-encoded
 * and the same in small letters. */
#include "lib/buf.h"
#include "lib/secret.h"
#include "lib/util.h"
#include "tests/fuzz/fuzz.h"

#include <assert.h>
#include <ctype.h>
#include <string.h>

enum { SECRETS = 2, FORMS = 3, SHORTEST = 8 };

/* Every other byte that need not be, too. */
static char *encode(const char *s, bool is_small)
{
	struct buf b = {0};
	for (size_t i = 0; s[i]; i++) {
		if (isalnum((unsigned char)s[i]) && i % 2 == 0)
			buf_addc(&b, s[i]);
		else
			buf_addf(&b, is_small ? "%%%02x" : "%%%02X",
				 (unsigned char)s[i]);
	}
	return buf_detach(&b);
}

static void check_alone(const char *form)
{
	scoped_free char *redacted = secret_redact(form);
	assert(strcmp(redacted, "***") == 0);
}

static void check(char *const forms[SECRETS * FORMS], const char *text)
{
	scoped_buf planted = {0};
	for (const char *p = text; *p; p++) {
		if (*p <= SECRETS * FORMS && *p > 0)
			buf_adds(&planted, forms[*p - 1]);
		else
			buf_addc(&planted, *p);
	}
	scoped_free char *redacted = secret_redact(buf_str(&planted));
	for (size_t i = 0; i < (size_t)SECRETS * FORMS; i++) {
		assert(!strstr(redacted, forms[i]));
		check_alone(forms[i]);
	}
	scoped_free char *again = secret_redact(redacted);
	assert(strcmp(redacted, again) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const slots[SECRETS] = {"fuzz one", "fuzz two"};
	struct fuzz_input in = fuzz_begin(data, size);
	char *forms[SECRETS * FORMS];
	bool is_fit = true;
	for (size_t i = 0; i < SECRETS; i++) {
		char **form = &forms[i * FORMS];
		form[0] = fuzz_take_line(&in, NULL);
		form[1] = encode(form[0], false);
		form[2] = encode(form[0], true);
		/* with asterisks in it, a secret may be made by redaction */
		is_fit &= strlen(form[0]) >= SHORTEST && !strchr(form[0], '*');
		secret_set(slots[i], form[0]);
	}
	scoped_free char *text = fuzz_take_rest(&in, NULL);
	if (is_fit)
		check(forms, text);
	for (size_t i = 0; i < (size_t)SECRETS * FORMS; i++) {
		secret_set(slots[i % SECRETS], NULL); /* once a generation */
		util_free_ptr(&forms[i]);
	}
	return 0;
}
