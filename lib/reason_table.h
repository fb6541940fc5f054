/*
 * Every reason, as REASON(name, id, English cause, English remedy, Chinese
 * cause, Chinese remedy). Included several times, each time with another
 * meaning of REASON, hence no #pragma once here and in the six parts. The
 * enum has the order in which they stand here, which no tool may sort.
 */
/* clang-format off */
#include "lib/reason_relay.h"
#include "lib/reason_account.h"
#include "lib/reason_cloud.h"
#include "lib/reason_send.h"
#include "lib/reason_webhook.h"
#include "lib/reason_check.h"
/* clang-format on */
