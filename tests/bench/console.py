"""How soon the console shows what it is asked for, with many rows: the first
screen, a key to its frame, a filter that scans; and how long it reads at a
stretch."""

import contextlib
import json
import os
import random
import re
import subprocess
import sys
import time

import console_pty
import console_rows
import rig

COUNT = 20000 if rig.IS_SHORT else 1000000
STARTS = 1 if rig.IS_SHORT else 15
PRESSES = 5 if rig.IS_SHORT else 30  # of a key on one tab
SCANS = 1 if rig.IS_SHORT else 5
SCREEN_MS, FRAME_MS = 100, 16
ESC_MS = 25  # curses waits so long for the rest of an arrow key
NOBODY = "to:nobody"  # no index knows it

# Where there are rows, of each mix.
LISTS = {"pending": "26", "delivered": "56", "failed": "2456"}
TEXTS = "78"
PAGE = ("SELECT id, type, recipient, status, attempts, created_at FROM outbox"
        " ORDER BY id DESC LIMIT 40")
TABS = {"1": "Home", "7": "Log, Audit", "8": "Log, Audit"}
SCAN = ("SELECT id FROM outbox INDEXED BY outbox_delivered"
        " WHERE status = 'delivered' AND recipient = 'nobody'"
        " ORDER BY delivered_at DESC, id DESC")


class Presses:
    """Presses keys and keeps what each kind took: (to its frame, to the one
    behind which nothing is left to read)."""

    def __init__(self, console, took):
        self.console, self.took = console, took

    def __call__(self, kind, key):
        self.took.setdefault(kind, []).append(self.console.press(key))
        # At no fixed distance from what the console does by the clock.
        time.sleep(random.uniform(0, 0.008))

    def to(self, tab):
        self(f"to {TABS.get(tab, 'a list')}", tab.encode())

    def on_list(self, tab):
        self.to(tab)
        for _ in range(PRESSES):
            self("j", b"j")
        for _ in range(PRESSES):
            self("PgDn", b"\033[6~")
        for _ in range(PRESSES // 3):
            self("G", b"G")
            self("g", b"g")
        for _ in range(PRESSES // 3):
            self("Enter, a row", b"\r")
            self("q, back", b"q")
        self("Enter, a row", b"\r")
        for _ in range(PRESSES):
            self("J, the next row", b"J")
        self("q, back", b"q")
        for _ in range(max(1, PRESSES // 10)):
            self("/", b"/")
            for letter in b"err:43101":
                self("a letter of a filter", bytes([letter]))
            self("Esc", b"\033")

    def on_text(self, tab):
        self.to(tab)
        for _ in range(PRESSES):
            self("j", b"j")
            self("PgDn", b"\033[6~")
        for _ in range(PRESSES // 3):
            self("G", b"G")
            self("g", b"g")

    def everywhere(self, mix):
        for _ in range(PRESSES // 3):
            for tab in "12345678":
                self.to(tab)
        for tab in LISTS[mix]:
            self.on_list(tab)
        for tab in TEXTS:
            self.on_text(tab)
        for _ in range(PRESSES // 3):
            self("?", b"?")
            self("Esc", b"\033")


def numbers(values):
    return [len(values)] + [rig.percentile(values, p) for p in (50, 99)] + \
        [max(values)]


def starts(report, boxes):
    """exec to the first frame behind which nothing is left to read, in turns.
    Frames before that have dashes where numbers are not there yet."""
    took = {}
    for outbox in boxes.values():
        console_rows.remember(outbox.path)
    for _ in range(STARTS):
        for cache in "warm", "cold":
            for mix, outbox in boxes.items():
                if cache == "cold":
                    console_rows.forget(outbox.path)
                with console_pty.console(outbox.where, outbox.path) as c:
                    took.setdefault((mix, cache), []).append(c.start())
            if cache == "cold":
                console_rows.forget(boxes["failed"].path)
            begun = time.monotonic()
            subprocess.run(["sqlite3", boxes["failed"].path, PAGE], check=True,
                           stdout=subprocess.DEVNULL)
            took.setdefault(("sqlite3, 40 rows", cache), []).append(
                ((time.monotonic() - begun) * 1000,) * 2)
    for (what, cache), pairs in took.items():
        firsts, lasts = zip(*pairs)
        report.row(f"start: {what}, {cache}", *numbers(firsts),
                   *numbers(lasts)[1:3])
    for cache in "warm", "cold":
        slowest = max(rig.median([last for _, last in took[mix, cache]])
                      for mix in boxes)
        report.figure(f"first screen, {cache}, slowest median, ms", slowest,
                      SCREEN_MS)


def keys(report, boxes):
    report.row("cat gives a key back", *numbers(console_pty.echoes(
        20 if rig.IS_SHORT else 1000)), "")
    total = {}
    for mix, outbox in boxes.items():
        took = {}
        console_rows.remember(outbox.path)
        with console_pty.console(outbox.where, outbox.path) as c:
            c.settle()
            Presses(c, took).everywhere(mix)
        firsts = [first for kind, pairs in took.items() if kind != "Esc"
                  for first, _ in pairs]
        report.row(f"key to frame: all {mix}", *numbers(firsts), "")
        report.figure(f"key to frame, {mix}, p99, ms",
                      rig.percentile(firsts, 99), FRAME_MS)
        for kind, pairs in took.items():
            total.setdefault(kind, []).extend(pairs)
    for kind, pairs in total.items():
        firsts, lasts = zip(*pairs)
        report.row(f"  {kind}", *numbers(firsts), *numbers(lasts)[1:3])
        if kind == "Esc":
            report.figure("Esc to frame, p99, ms",
                          rig.percentile(firsts, 99), ESC_MS + FRAME_MS)
    slow = [last for kind, pairs in total.items() if kind != "Esc"
            for _, last in pairs]
    report.figure("key to all that it asks for, p99, ms",
                  rig.percentile(slow, 99), FRAME_MS)


def stopped_at(c):
    """How far a scan that was stopped says that it looked."""
    found = re.search(r"stopped at ([\d,]+)", c.screen())
    return int(found[1].replace(",", "")) if found else 0


def whole_scan(c):
    """Seconds from Enter until nothing was found among all the rows, and what
    keys took meanwhile."""
    took = []
    c.press(b"5")
    c.press(b"/")
    begun = time.monotonic()
    os.write(c.master, NOBODY.encode() + b"\r")
    while time.monotonic() - begun < console_pty.PATIENCE_S:
        took.append(c.glance(b"j"))
        time.sleep(0.01)
        if b"nothing matches" in c.said:
            return time.monotonic() - begun, took
    raise console_pty.Ended("the scan does not end")


def broken_scan(c):
    """How long Esc takes to stop a scan, and where it stood then."""
    c.press(b"5")
    c.press(b"/")
    os.write(c.master, NOBODY.encode() + b"\r")
    time.sleep(0.001 if rig.IS_SHORT else 0.15)
    took = c.glance(b"\033")
    at = stopped_at(c)
    return took, at, stopped_at(c)


def scans(report, outbox):
    whole, peer, meanwhile, stops, places = [], [], [], [], []
    console_rows.remember(outbox.path)
    for _ in range(SCANS):
        with console_pty.console(outbox.where, outbox.path) as c:
            c.settle()
            seconds, took = whole_scan(c)
            whole.append(seconds)
            meanwhile += took
        with contextlib.closing(outbox.open()) as db:
            begun = time.monotonic()
            db.execute(SCAN).fetchall()
            peer.append(time.monotonic() - begun)
        with console_pty.console(outbox.where, outbox.path) as c:
            c.settle()
            took, at, again = broken_scan(c)
            stops.append(took)
            places.append((at, again))
    report.row("a scan of all rows", *numbers([s * 1000 for s in whole]), "")
    report.row("  SQLite alone", *numbers([s * 1000 for s in peer]), "")
    report.row("  a key meanwhile to its frame", *numbers(meanwhile), "")
    report.row("  Esc until it stands", *numbers(stops), "")
    report.row("  rows looked at by then", len(places),
               rig.median([at for at, _ in places]), "",
               max(at for at, _ in places), "")
    report.figure("key to frame during a scan, p99, ms",
                  rig.percentile(meanwhile, 99), FRAME_MS)
    if rig.IS_SHORT:
        return  # it may have been through before Esc came
    if any(not 0 < at < COUNT or at != again for at, again in places):
        sys.exit(f"Esc did not stop the scan: {places}")
    report.figure("Esc stops a scan, slowest, ms", max(stops),
                  ESC_MS + FRAME_MS)


def holds(report, boxes):
    """Read transactions of the same keys, and of scans."""
    for cache in "warm", "cold":
        told = []
        for mix, outbox in boxes.items():
            if cache == "cold":
                console_rows.forget(outbox.path)
            else:
                console_rows.remember(outbox.path)
            path = os.path.join(outbox.where, "holds.json")
            with console_pty.console(
                    outbox.where, outbox.path,
                    program="tests/bench/console_holds",
                    env={"CONSOLE_HOLDS": path}) as c:
                c.settle()
                Presses(c, {}).everywhere(mix)
                if mix == "delivered":
                    whole_scan(c)
            with open(path, encoding="ascii") as f:
                told.append(json.load(f))
        longest = max(t["longest_us"] for t in told) / 1000
        p99 = max(t["p99_us"] for t in told) / 1000
        report.row(f"read transactions, {cache}",
                   sum(t["count"] for t in told),
                   max(t["p50_us"] for t in told) / 1000, p99, longest, "")
        report.figure(f"read transactions, {cache}, p99, ms", p99, FRAME_MS)
        report.figure(f"frames within one, {cache}",
                      sum(t["painted_within"] for t in told), 0)


def main():
    report = rig.Report(
        "console", f"{COUNT} rows: all pending; all delivered; three of ten "
        f"failed. {console_pty.COLS}x{console_pty.ROWS}, ms",
        ["what", "times", "p50", "p99", "most", "p50, all", "p99, all"])
    now_ms = int(time.time() * 1000)
    with contextlib.ExitStack() as stack:
        where = stack.enter_context(rig.folder())
        boxes = {}
        for mix in LISTS:
            home = stack.enter_context(rig.folder(where))
            boxes[mix] = rig.Outbox(home, "http://127.0.0.1:1")
            console_rows.make(boxes[mix], mix, COUNT, now_ms)
        starts(report, boxes)
        keys(report, boxes)
        scans(report, boxes["delivered"])
        holds(report, boxes)
    return report.end()


if __name__ == "__main__":
    sys.exit(main())
