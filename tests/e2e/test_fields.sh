#!/bin/bash
# The cloud function keeps each value within its kind's limit, as TAP; on a host
# whose time zone is neither UTC nor Beijing's.
cd "$(dirname "$0")/../.." || exit 1
TZ=America/New_York exec node tests/node/fields.js cloudfunctions/quickstartFunctions
