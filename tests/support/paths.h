/*
 * Where this test's build folder and source tree are: found from the place of
 * the running program, so that a sanitizer's build uses its own binaries.
 */
#pragma once

/* A file of the build folder, build[/san]/NAME: "outbox-relay". The caller
 * frees. */
char *paths_build(const char *name);

/* A file of the source tree: "tests/node/insert.js". The caller frees. */
char *paths_source(const char *name);
