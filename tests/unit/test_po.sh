#!/bin/bash
# The catalogues hold a translation of every text of the sources, and what is
# wrong with the settings is marked as such a text, as TAP.
set -euo pipefail
cd "$(dirname "$0")/../.."
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
po/update.sh --pot >"$dir/outbox.pot"

count=0
check() { # check NAME COMMAND...: the command succeeds
	local name=$1 said
	shift
	count=$((count + 1))
	if said=$(LC_ALL=C "$@" 2>&1); then
		echo "ok $count - $name"
	else
		echo "not ok $count - $name"
		echo "# ${said//$'\n'/$'\n'# }"
	fi
}

none() { # none FILE: no message is left in it
	! grep -A 3 '^msgid' "$1"
}

# What these two are given without _(): literals that xgettext finds.
unmarked() {
	! find relay -name '*.c' |
		xgettext --files-from=- --language=C --from-code=UTF-8 \
			--keyword --keyword=config_problems_add:4 \
			--keyword=config_parse_not_a:2 --output=- | grep '^msgid'
}

check 'the problems of settings are marked' unmarked
for po in po/*.po; do
	check "$po is well formed" \
		msgfmt --check --output-file=/dev/null "$po"
	check "$po has every text of the sources" \
		msgcmp "$po" "$dir/outbox.pot"
	msgattrib --untranslated --no-obsolete "$po" >"$dir/left" 2>&1 || true
	check "$po leaves nothing in English" none "$dir/left"
done
echo "1..$count"
