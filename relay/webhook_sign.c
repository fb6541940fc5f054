#include "relay/webhook_sign.h"

#include "lib/lang.h"
#include "lib/secret.h"
#include "lib/util.h"

#include <assert.h>
#include <inttypes.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <string.h>

static const char prefix[] = "whsec_";

/* A shorter one could be guessed, and could not be taken out of a text. */
enum { SHORTEST = 8, LONGEST = 1024, DIGEST_LEN = 32 };

const char *webhook_secrets_next(const char *secrets, size_t *len_out)
{
	secrets += strspn(secrets, " \t");
	*len_out = strcspn(secrets, " \t");
	return *len_out ? secrets : NULL;
}

const char *webhook_secret_key(const char *secret, size_t *len)
{
	size_t skip = strlen(prefix);
	if (*len < skip || memcmp(secret, prefix, skip) != 0)
		return secret;
	*len -= skip;
	return secret + skip;
}

/* Decodes base64 with its padding. Returns the bytes, or 0 if it is none. */
static size_t decode(const char *text, size_t len, unsigned char out[LONGEST])
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmno"
				     "pqrstuvwxyz0123456789+/";
	size_t pad = 0;
	while (pad < 2 && pad < len && text[len - 1 - pad] == '=')
		pad++;
	if (len == 0 || len % 4 != 0 || len > LONGEST ||
	    strspn(text, digits) != len - pad)
		return 0;
	int got = EVP_DecodeBlock(out, (const unsigned char *)text, (int)len);
	return got < 0 ? 0 : (size_t)got - pad;
}

/* The key of one secret; returns its bytes, or 0 if there is none. */
static size_t read_key(const char *secret, size_t len,
		       unsigned char out[LONGEST])
{
	const char *text = webhook_secret_key(secret, &len);
	if (text != secret)
		return decode(text, len, out);
	if (len > LONGEST)
		return 0;
	memcpy(out, text, len);
	return len;
}

static const char *fault_of(const char *secret, size_t len)
{
	unsigned char key[LONGEST];
	size_t text_len = len;
	const char *text = webhook_secret_key(secret, &text_len);
	for (size_t i = 0; i < len; i++) {
		if (secret[i] <= ' ' || secret[i] > '~')
			return _("a secret holds characters that no real one "
				 "has");
	}
	size_t key_len = read_key(secret, len, key);
	secret_wipe(key, sizeof(key));
	if (key_len == 0)
		return text != secret
			       ? _("what stands behind whsec_ is no base64")
			       : _("a secret is longer than 1024 bytes");
	if (key_len < SHORTEST || text_len < SHORTEST)
		return _("a secret is shorter than 8 bytes; make one with: "
			 "echo whsec_$(openssl rand -base64 24)");
	return NULL;
}

const char *webhook_secrets_fault(const char *secrets)
{
	size_t count = 0;
	size_t len = 0;
	for (const char *s = secrets; (s = webhook_secrets_next(s, &len));
	     s += len) {
		const char *why = fault_of(s, len);
		if (why)
			return why;
		if (++count > WEBHOOK_SECRETS_MAX)
			return "there are more than 8 secrets";
	}
	return NULL;
}

static void add_signature(const char *secret, size_t len,
			  const struct buf *text, struct buf *out)
{
	unsigned char key[LONGEST];
	unsigned char digest[DIGEST_LEN];
	unsigned char base64[DIGEST_LEN * 2];
	unsigned int digest_len = 0;
	size_t key_len = read_key(secret, len, key);
	const unsigned char *done = HMAC(EVP_sha256(), key, (int)key_len,
					 (const unsigned char *)text->data,
					 text->len, digest, &digest_len);
	assert(done && digest_len == DIGEST_LEN);
	secret_wipe(key, sizeof(key));
	int base64_len = EVP_EncodeBlock(base64, digest, DIGEST_LEN);
	buf_adds(out, out->len ? " v1," : "v1,");
	buf_add(out, base64, (size_t)base64_len);
}

void webhook_sign(const char *secrets, const char *id, int64_t time_s,
		  const char *body, size_t body_len, struct buf *out)
{
	scoped_buf text = {0};
	buf_addf(&text, "%s.%" PRId64 ".", id, time_s);
	buf_add(&text, body, body_len);
	size_t len = 0;
	for (const char *s = secrets; (s = webhook_secrets_next(s, &len));
	     s += len)
		add_signature(s, len, &text, out);
}
