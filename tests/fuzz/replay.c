/* Runs a target over the files it is given, in place of libFuzzer. The one that
 * fails is the last that stderr names. */
#include "lib/util.h"
#include "tests/fuzz/fuzz.h"

#include <stdio.h>
#include <stdlib.h>

static int replay(const char *path)
{
	FILE *f = fopen(path, "re");
	if (!f) {
		perror(path);
		return EXIT_FAILURE;
	}
	fprintf(stderr, "%s\n", path);
	enum { STEP = 4096 };
	uint8_t *data = NULL;
	size_t size = 0;
	size_t n;
	do {
		data = xrealloc(data, size + STEP);
		n = fread(data + size, 1, STEP, f);
		size += n;
	} while (n);
	fclose(f);
	data = xrealloc(data, size);
	LLVMFuzzerTestOneInput(data, size);
	free(data);
	return EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
	int rc = EXIT_SUCCESS;
	for (int i = 1; i < argc && rc == EXIT_SUCCESS; i++)
		rc = replay(argv[i]);
	return rc;
}
