# One makefile for everything; nothing is written outside build/.
#
#	make              the programs
#	make run          try it, or run it (README.md)
#	make test         every test that fits in ten minutes
#	make SAN=address,undefined test     the same in a build folder of its own
#	make lint deps install clean

B      = build
PREFIX ?= /usr/local
comma  := ,

CC     ?= cc
OPT    ?= -O2 -g
CSTD    = -std=gnu17
WARN    = -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-sign-conversion \
	  -Wstrict-prototypes -Wmissing-prototypes -Wvla -Wswitch-enum \
	  -Wno-overlength-strings -Wformat=2 -Wundef -Wwrite-strings
HARDEN  = -fstack-protector-strong -fPIE
ifndef SAN
HARDEN += -D_FORTIFY_SOURCE=2
else
B      := build/$(subst $(comma),-,$(SAN))
OPT     = -O1 -g -fno-omit-frame-pointer
SANFLAGS = -fsanitize=$(SAN) -fno-sanitize-recover=all
endif

LIBS    = sqlite3 libcurl libcjson
PKGS   := $(shell pkg-config --cflags $(LIBS) 2>/dev/null)
VERSION := $(shell cat VERSION)
CPPFLAGS += -D_GNU_SOURCE -DOUTBOX_VERSION='"$(VERSION)"' -I. -I$(B)/gen \
	    -MMD -MP $(PKGS)
CFLAGS  += $(CSTD) $(OPT) $(WARN) $(HARDEN) $(SANFLAGS)
LDFLAGS += -pie -Wl,-z,relro,-z,now $(SANFLAGS)
LDLIBS   = $(shell pkg-config --libs $(LIBS))

obj      = $(patsubst %.c,$(B)/%.o,$(1))
SQL     := $(wildcard schema/*.sql)
GEN      = $(SQL:%.sql=$(B)/gen/%.sql.h)
CORE     = $(call obj,$(wildcard lib/*.c schema/*.c))
RELAY    = $(call obj,$(filter-out relay/main.c,$(wildcard relay/*.c)))
SIM      = $(call obj,$(wildcard tests/sim/*.c))
SUPPORT  = $(call obj,$(wildcard tests/support/*.c))
UNIT     = $(patsubst tests/%.c,$(B)/tests/%,$(wildcard tests/unit/test_*.c))
E2E      = $(patsubst tests/%.c,$(B)/tests/%,$(wildcard tests/e2e/test_*.c))

.PHONY: all run test lint deps install clean tests
.DELETE_ON_ERROR:
.SECONDARY:

all: $(B)/outbox-relay

$(B)/outbox-relay: $(B)/relay/main.o $(RELAY) $(CORE)
	@echo "  LD    $@"
	@$(CC) $(LDFLAGS) -o $@ $^ $(LDLIBS)

$(B)/wechat-sim: $(SIM) $(CORE)
	@echo "  LD    $@"
	@$(CC) $(LDFLAGS) -o $@ $^ $(LDLIBS) -lmicrohttpd

$(B)/demo-table: $(call obj,$(wildcard tests/demo/*.c)) $(CORE)
	@echo "  LD    $@"
	@$(CC) $(LDFLAGS) -o $@ $^ $(LDLIBS)

$(B)/tests/%: $(B)/tests/%.o $(SUPPORT) $(RELAY) $(CORE)
	@echo "  LD    $@"
	@$(CC) $(LDFLAGS) -o $@ $^ $(LDLIBS) -lcmocka

$(B)/%.o: %.c | $(GEN)
	@mkdir -p $(@D)
	@echo "  CC    $<"
	@$(CC) $(CPPFLAGS) $(CFLAGS) -c -o $@ $<

# One C string a line of SQL, so that schema/migrate.c can embed it.
$(B)/gen/%.sql.h: %.sql
	@mkdir -p $(@D)
	@sed 's/\\/\\\\/g; s/"/\\"/g; s/.*/"&\\n"/' $< >$@

tests: $(UNIT) $(E2E) $(B)/outbox-relay $(B)/wechat-sim $(B)/demo-table

clean:
	rm -rf build

-include $(shell find $(B) -name '*.d' 2>/dev/null)
