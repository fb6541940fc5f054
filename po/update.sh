#!/bin/bash
# Brings the catalogues up to date with the sources.
#
#	po/update.sh            merges new texts into each po/*.po
#	po/update.sh --pot      only writes what the sources hold, to stdout
set -euo pipefail
cd "$(dirname "$0")/.."

extract() {
	find lib relay tui -name '*.[ch]' | LC_ALL=C sort |
		xgettext --files-from=- --language=C --from-code=UTF-8 \
			--keyword=_ --keyword=N_ --keyword=C_ --keyword=P_:1,2 \
			--flag=_:1:pass-c-format --flag=N_:1:pass-c-format \
			--flag=P_:1:pass-c-format --flag=P_:2:pass-c-format \
			--no-wrap --sort-by-file --package-name=outbox \
			--copyright-holder='the outbox authors' \
			--add-comments=TRANSLATORS --output=- |
		sed -e 's/charset=CHARSET/charset=UTF-8/' \
			-e '/^"POT-Creation-Date:/d'
}

if [ "${1-}" = --pot ]; then
	extract
	exit
fi
pot=$(mktemp)
trap 'rm -f "$pot"' EXIT
extract >"$pot"
for po in po/*.po; do
	msgmerge --quiet --update --backup=none --no-fuzzy-matching --no-wrap \
		"$po" "$pot"
	# What the sources do not hold any longer is not kept.
	msgattrib --no-obsolete --no-wrap --output-file="$po" "$po"
	LC_ALL=C msgfmt --statistics --output-file=/dev/null "$po"
done
