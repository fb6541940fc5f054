#!/bin/bash
# The rules of the house that a compiler does not see, as TAP.
set -euo pipefail
cd "$(dirname "$0")/.."

count=0
check() { # check NAME OFFENDERS
	count=$((count + 1))
	if [ -z "$2" ]; then
		echo "ok $count - $1"
	else
		echo "not ok $count - $1"
		echo "# ${2//$'\n'/$'\n'# }"
	fi
}

# The includes of a folder's files that are from the root, but for those of the
# layers it may use.
foreign() { # foreign FOLDER ALLOWED|ALLOWED...
	[ ! -d "$1" ] || grep -rnE --include='*.[ch]' '^#include "' "$1" |
		grep -vE "\"($2)/" || true
}

# Files of people, not of tools or other people.
sources() {
	find . -type d \( -name .git -o -name build -o -name node_modules \) \
		-prune -o -type f \( "$@" \) -print | sed 's,^\./,,' | sort
}

check 'lib includes lib' "$(foreign lib lib)"
check 'schema includes lib and schema' "$(foreign schema 'lib|schema')"
check 'relay includes lib, schema and relay' \
	"$(foreign relay 'lib|schema|relay')"
check 'tui includes lib, schema and tui' "$(foreign tui 'lib|schema|tui')"
check 'nothing but tests includes from tests' \
	"$(grep -rn --include='*.[ch]' '^#include "tests/' . |
		grep -vE '^\./(tests|build)/' || true)"
check 'includes are written from the root' \
	"$(sources -name '*.[ch]' | xargs grep -nE '^#include "[^/"]*"|^#include "\.' || true)"
check 'only schema speaks to SQLite' \
	"$(grep -rnE --include='*.[ch]' '#include <sqlite3' lib relay tui 2>/dev/null || true)"
check 'only relay/http speaks to curl' \
	"$(grep -rnE --include='*.[ch]' '#include <curl/' lib schema relay tui 2>/dev/null |
		grep -vE '^relay/(http[a-z_]*|main)\.[ch]:' || true)"
check 'C files have at most 400 lines' \
	"$(sources -name '*.[ch]' | xargs wc -l |
		awk '$1 > 400 && $2 != "total" { print $2 ": " $1 }')"
check 'nothing is left to do' \
	"$(sources -name '*.[ch]' -o -name '*.sql' -o -name '*.sh' -o -name '*.js' \
		-o -name Makefile | xargs grep -nE '[/*#-] *(TODO|FIXME|XXX)([ :(]|$)' || true)"
echo "1..$count"
