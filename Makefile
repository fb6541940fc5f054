# One makefile for everything; nothing is written outside build/.
#
#	make              the programs
#	make run          try it, or run it (README.md)
#	make test         every test that fits in ten minutes
#	make test T=judge         those whose name holds "judge"
#	make SAN=address,undefined test     the same in a build folder of its own
#	make CC=clang B=build/clang WERROR=1        another compiler, likewise
#	make valgrind             the same under valgrind (long)
#	make crash                the relay dies at each system call (long)
#	make fuzz FUZZ_SECONDS=60 T=judge           throw bytes at the parsers
#	make monkey KEYS=10000 SEEDS=8              random keys at the console
#	make bench                how fast it is (docs/benchmarks.md)
#	make lint deps install uninstall clean      PREFIX=/usr/local DESTDIR=

B      = build
PREFIX ?= /usr/local
comma  := ,

CC     ?= cc
OPT    ?= -O2 -g
CRASH_POINTS ?= 0
CSTD    = -std=gnu17
WARN    = -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-sign-conversion \
	  -Wstrict-prototypes -Wmissing-prototypes -Wvla -Wswitch-enum \
	  -Wno-overlength-strings -Wformat=2 -Wundef -Wwrite-strings
ifneq (,$(findstring clang,$(shell $(CC) --version 2>/dev/null)))
WARN   += -Wno-gnu-zero-variadic-macro-arguments -Wno-string-conversion
endif
ifdef WERROR
WARN   += -Werror
endif
HARDEN  = -fstack-protector-strong -fPIE
ifndef SAN
HARDEN += -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2
else
B      := build/$(subst $(comma),-,$(SAN))
OPT     = -O1 -g -fno-omit-frame-pointer
SANFLAGS = -fsanitize=$(SAN) -fno-sanitize-recover=all
endif

# CPPFLAGS, CFLAGS and LDFLAGS are the user's and come after ours.
LIBS    = sqlite3 libcurl libcjson libcrypto
TUILIBS = sqlite3 libcjson libcrypto ncursesw readline
PKGS   := $(shell pkg-config --cflags $(LIBS) $(TUILIBS) 2>/dev/null)
VERSION := $(shell cat VERSION)
INCLUDES = -D_GNU_SOURCE -DOUTBOX_VERSION='"$(VERSION)"' \
	   -I. -I$(B)/gen $(PKGS)
COMPILE  = $(CC) $(INCLUDES) -MMD -MP $(CPPFLAGS) \
	   $(CSTD) $(OPT) $(WARN) $(HARDEN) $(SANFLAGS) $(CFLAGS)
LINK     = $(CC) -pie -Wl,-z,relro,-z,now $(SANFLAGS) $(LDFLAGS)
LDLIBS  := $(shell pkg-config --libs $(LIBS) 2>/dev/null)
TUILDLIBS := $(shell pkg-config --libs $(TUILIBS) 2>/dev/null)

obj      = $(patsubst %.c,$(B)/%.o,$(1))
SQL     := $(wildcard schema/*.sql)
GEN      = $(SQL:%.sql=$(B)/gen/%.sql.h)
CORE     = $(call obj,$(wildcard lib/*.c schema/*.c))
RELAY    = $(call obj,$(filter-out relay/main.c,$(wildcard relay/*.c)))
TUI      = $(call obj,$(filter-out tui/main.c,$(wildcard tui/*.c)))
SIM      = $(call obj,$(wildcard tests/sim/*.c))
SUPPORT  = $(call obj,$(wildcard tests/support/*.c))
UNIT     = $(patsubst tests/%.c,$(B)/tests/%,$(wildcard tests/unit/test_*.c))
FUZZ     = $(patsubst tests/%.c,$(B)/tests/%,$(wildcard tests/fuzz/fuzz_*.c))
E2E      = $(patsubst tests/%.c,$(B)/tests/%,$(wildcard tests/e2e/test_*.c))
MONKEY   = $(B)/tests/console/monkey
BENCH    = $(patsubst tests/%.c,$(B)/tests/%,$(wildcard tests/bench/*.c))
PROGRAMS = $(B)/outbox-relay $(B)/outbox-tui
LOCALES  = $(patsubst po/%.po,$(B)/locale/%/LC_MESSAGES/outbox.mo,\
	   $(wildcard po/*.po))

# Where the caller gave no -j, as many jobs as there are processors; where he
# gave -s, no word of what is made.
AGAIN    = --no-print-directory \
	   $(if $(filter -j%,$(MAKEFLAGS)),,-j$(shell nproc))
SAY      = $(if $(findstring s,$(filter-out --%,$(firstword -$(MAKEFLAGS)))),:,echo)

.PHONY: all run test lint valgrind crash fuzz monkey bench deps install uninstall clean \
	tests run-demo run-tests run-lint run-fuzz run-monkey run-bench
.DELETE_ON_ERROR:
.SECONDARY:

all: $(PROGRAMS) $(LOCALES)

# What is missing on the machine is installed first; then make begins anew, so
# that the answers of pkg-config above are those of after.
deps:
	@packaging/deps.sh install
	@echo "Everything that make needs is here."

run:
	@packaging/deps.sh install build run
	@$(MAKE) $(AGAIN) run-demo

test:
	@packaging/deps.sh install build run test
	@$(MAKE) $(AGAIN) run-tests

lint:
	@packaging/deps.sh install build run test lint
	@$(MAKE) $(AGAIN) run-lint

# On a terminal in a process group of its own: Ctrl-C ends it, and not make.
run-demo: all $(B)/wechat-sim $(B)/demo-table
	@if [ -t 1 ]; then B=$(B) bash -mc 'tests/demo/run.sh; exit $$?'; \
		else exec env B=$(B) tests/demo/run.sh; fi

run-tests: tests
	@B=$(B) tests/run.sh $(T)

MEMCHECK = valgrind -q --error-exitcode=9 --leak-check=full \
	   --errors-for-leak-kinds=definite

valgrind:
	@packaging/deps.sh install build run test valgrind
	@$(MAKE) $(AGAIN) tests
	@TEST_SECONDS=1500 TEST_WRAP='$(MEMCHECK)' B=$(B) tests/run.sh $(T)

fuzz:
	@packaging/deps.sh install build fuzz
	@$(MAKE) $(AGAIN) CC=clang B=build/fuzz SAN=fuzzer,address,undefined \
		run-fuzz

run-fuzz: $(FUZZ)
	@B=$(B) tests/fuzz/run.sh $(T)

# Under sanitizers, in a build folder of its own; from the seed SEED on.
KEYS    ?= 10000
SEEDS   ?= 8
SEED    ?= 1
monkey:
	@packaging/deps.sh install build run test
	@$(MAKE) $(AGAIN) SAN=address,undefined run-monkey

run-monkey: $(MONKEY)
	@for seed in $$(seq $(SEED) $$(($(SEED) + $(SEEDS) - 1))); do \
		$(MONKEY) $$seed $(KEYS) || exit 1; \
	done

bench:
	@packaging/deps.sh install build run test bench
	@$(MAKE) $(AGAIN) run-bench

run-bench: all $(BENCH) $(B)/wechat-sim
	@B=$(B) tests/bench/run.sh $(T)

run-lint: $(GEN)
	@tests/lint.sh $(INCLUDES) $(CPPFLAGS) $(CSTD)

tests: all $(UNIT) $(E2E) $(FUZZ) $(BENCH) $(MONKEY) $(B)/wechat-sim \
	$(B)/demo-table

# The relay dies in each way at each call, or at so many of them.
crash: tests
	@B=$(B) CRASH_POINTS=$(CRASH_POINTS) TEST_SECONDS=7200 \
		tests/run.sh test_crash

$(B)/tests/e2e/test_crash: $(B)/tests/crash/fatal.o
$(MONKEY): $(call obj,$(wildcard tests/console/monkey_*.c))

$(B)/outbox-relay: $(B)/relay/main.o $(RELAY) $(CORE)
	@$(SAY) "  LD    $@"
	@$(LINK) -o $@ $^ $(LDLIBS)

$(B)/outbox-tui: $(B)/tui/main.o $(TUI) $(CORE)
	@$(SAY) "  LD    $@"
	@$(LINK) -o $@ $^ $(TUILDLIBS)

# What is not translated is shown in English; tests/lint.sh complains.
$(B)/locale/%/LC_MESSAGES/outbox.mo: po/%.po
	@mkdir -p $(@D)
	@$(SAY) "  MO    $@"
	@msgfmt --check-format -o $@ $<

$(B)/wechat-sim: $(SIM) $(CORE)
	@$(SAY) "  LD    $@"
	@$(LINK) -o $@ $^ $(LDLIBS) -lmicrohttpd

$(B)/demo-table: $(call obj,$(wildcard tests/demo/*.c)) $(CORE)
	@$(SAY) "  LD    $@"
	@$(LINK) -o $@ $^ $(LDLIBS)

$(B)/tests/%: $(B)/tests/%.o $(SUPPORT) $(RELAY) $(TUI) $(CORE)
	@$(SAY) "  LD    $@"
	@$(LINK) -o $@ $^ $(LDLIBS) $(TUILDLIBS) -lcmocka

$(B)/%.o: %.c | $(GEN) $(B)/.deps
	@mkdir -p $(@D)
	@$(SAY) "  CC    $<"
	@$(COMPILE) -c -o $@ $<

# libFuzzer has a main of its own; else it is that which replays files.
REPLAY   = $(if $(findstring fuzzer,$(SAN)),,$(B)/tests/fuzz/replay.o)

$(FUZZ): %: %.o $(B)/tests/fuzz/fuzz.o $(REPLAY) $(RELAY) $(TUI) $(CORE)
	@$(SAY) "  LD    $@"
	@$(LINK) -o $@ $^ $(LDLIBS) $(TUILDLIBS)

# One C string a line of SQL, so that schema/migrate.c can embed it.
$(B)/gen/%.sql.h: %.sql
	@mkdir -p $(@D)
	@sed 's/\\/\\\\/g; s/"/\\"/g; s/.*/"&\\n"/' $< >$@

# A plain make installs nothing, but says what is missing.
$(B)/.deps: packaging/deps.sh
	@mkdir -p $(@D)
	@packaging/deps.sh check build
	@touch $@

BIN  = $(DESTDIR)$(PREFIX)/bin
DOC  = $(DESTDIR)$(PREFIX)/share/doc/outbox-relay
MAN  = $(DESTDIR)$(PREFIX)/share/man
LOCALE = $(DESTDIR)$(PREFIX)/share/locale
DOCS = $(wildcard README.md README.zh-CN.md LICENSE)
MANS = $(wildcard man/*.[1-8])

install: all
	install -d $(BIN) $(DOC)
	install -m 755 $(PROGRAMS) $(BIN)
	$(foreach m,$(LOCALES),install -D -m 644 $m \
		$(LOCALE)/$(m:$(B)/locale/%=%) &&) :
	install -m 644 $(DOCS) $(DOC)
	$(foreach m,$(MANS),install -D -m 644 $m \
		$(MAN)/man$(subst .,,$(suffix $m))/$(notdir $m) &&) :

uninstall:
	rm -f $(addprefix $(BIN)/,$(notdir $(PROGRAMS)))
	rm -f $(addprefix $(DOC)/,$(DOCS))
	rm -f $(patsubst $(B)/locale/%,$(LOCALE)/%,$(LOCALES))
	rm -f $(foreach m,$(MANS),\
		$(MAN)/man$(subst .,,$(suffix $m))/$(notdir $m)) 
	-rmdir $(DOC) 2>/dev/null

clean:
	rm -rf build

-include $(wildcard $(foreach d,lib schema relay tui tests/*,$(B)/$d/*.d))
