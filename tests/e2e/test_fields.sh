#!/bin/bash
# The cloud function keeps each value within its kind's limit, as TAP.
cd "$(dirname "$0")/../.." || exit 1
exec node tests/node/fields.js cloudfunctions/quickstartFunctions
