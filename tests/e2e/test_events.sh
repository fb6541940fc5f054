#!/bin/bash
# The cloud function answers whatever it is called with, as TAP.
cd "$(dirname "$0")/../.." || exit 1
export NODE_PATH=$PWD/build/node/node_modules
exec node tests/node/events.js cloudfunctions/quickstartFunctions
