/*
 * cmocka with the headers that it wants before it. Everything in tests/support
 * fails the running test by itself, so callers need not check results.
 */
#pragma once

/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */
