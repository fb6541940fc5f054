"""The console beside a relay: whether it slows the relay down, how soon keys
are answered during a drain, and what both cost when nothing happens."""

import contextlib
import os
import sys
import threading
import time

import console_pty
import console_rows
import idle
import rig

COUNT = 20000 if rig.IS_SHORT else 1000000
WINDOWS = 5 if rig.IS_SHORT else 29
WINDOW, SETTLE = (0.1, 0) if rig.IS_SHORT else (2, 0.3)  # seconds
ENOUGH_ROWS = 500 if rig.IS_SHORT else 200000  # for a window, and keys
ENOUGH = ("SELECT count(*) FROM (SELECT 1 FROM outbox INDEXED BY outbox_due"
          " WHERE status = 'pending' AND waits_for IS NULL LIMIT ?)")
PACE = {"RELAY_RATE": 5000} if rig.IS_SHORT else {}  # few rows last longer
CASES = ["none", "Home", "none", "Failed"]
TABS = {"Home": b"1", "Failed": b"4"}
SECONDS = 600 if os.environ.get("LONG") else 2 if rig.IS_SHORT else 60
FRAME_MS = 16
KEYS = [b"j"] * 8 + [b"\033[6~"] * 4 + [b"G", b"g"]


@contextlib.contextmanager
def watched(outbox, tab):
    """A console whose frames are taken, as a terminal does."""
    with console_pty.console(outbox.where, outbox.path) as c:
        c.settle()
        c.glance(tab)
        is_over = threading.Event()

        def take():
            while not is_over.is_set():
                c.listen(0.1)
        thread = threading.Thread(target=take)
        thread.start()
        try:
            yield c
        finally:
            is_over.set()
            thread.join()


class Drain:
    """One long drain, cut into windows."""

    def __init__(self, outbox, relay):
        self.outbox, self.pid = outbox, relay.pid
        self.db = outbox.open()

    def has_more(self):
        return self.db.execute(ENOUGH, (ENOUGH_ROWS,)).fetchone()[0] == \
            ENOUGH_ROWS

    def window(self, seconds):
        """Rows a second, and the relay's CPU for one, us."""
        begun, begun_ns = time.time(), idle.nanoseconds(self.pid)
        time.sleep(seconds)
        ended, ended_ns = time.time(), idle.nanoseconds(self.pid)
        rows = self.db.execute(
            "SELECT count(*) FROM outbox WHERE status = 'delivered'"
            " AND delivered_at BETWEEN ? AND ?",
            (int(begun * 1000), int(ended * 1000) - 1)).fetchone()[0]
        return rows / (ended - begun), (ended_ns - begun_ns) / 1000 / rows

    def beside(self, tab):
        """The same with a console open, and its CPU, % of one core."""
        with watched(self.outbox, tab) as c:
            time.sleep(SETTLE)
            begun_ns = idle.nanoseconds(c.process.pid)
            taken = self.window(WINDOW)
            used = idle.nanoseconds(c.process.pid) - begun_ns
        return *taken, used / 1e7 / WINDOW

    def alone(self):
        time.sleep(SETTLE)
        return self.window(WINDOW)


def ratios(windows, case, what):
    """Each window of a case by the mean of its neighbours, without console."""
    return [w[what] / rig.median([windows[i - 1][1][what],
                                  windows[i + 1][1][what]])
            for i, (name, w) in enumerate(windows)
            if name == case and 0 < i < len(windows) - 1]


def rates(report, drain):
    """Without, with, without, with: neighbours meet the same machine."""
    windows = []
    while len(windows) < WINDOWS and drain.has_more():
        name = CASES[len(windows) % len(CASES)]
        windows.append((name, drain.beside(TABS[name]) if name in TABS
                        else drain.alone()))
    if len(windows) <= len(CASES):
        sys.exit("the drain ended too soon")
    for name in TABS:
        rate, cpu = (ratios(windows, name, what) for what in (0, 1))
        used = [w[2] for case, w in windows if case == name]
        report.row(f"rate, {name} / no console", len(rate), rig.median(rate),
                   min(rate), max(rate))
        report.row("  the relay's CPU for a row", len(cpu), rig.median(cpu),
                   min(cpu), max(cpu))
        report.row("  the console's CPU, %", len(used), rig.median(used),
                   min(used), max(used))
        report.figure(f"rate, {name} open / no console", rig.median(rate),
                      0.95, is_least=True)
    alone = [w[0] for case, w in windows if case == "none"]
    noise = [2 * b / (a + c) for a, b, c in zip(alone, alone[1:], alone[2:])]
    report.row("no console: rows a second", len(alone),
               round(rig.median(alone)), round(min(alone)), round(max(alone)))
    report.row("  by the windows around it", len(noise), rig.median(noise),
               min(noise), max(noise))


def keys(report, drain):
    """The first frame for a key, while the rows change under the console."""
    for name, tab in (("Home", b"1"), ("Pending", b"2"), ("Failed", b"4"),
                      ("Delivered", b"5"), ("All", b"6"), ("Log", b"7")):
        took = []
        with console_pty.console(drain.outbox.where, drain.outbox.path) as c:
            c.settle()
            c.glance(tab)
            until = time.monotonic() + WINDOW
            while time.monotonic() < until:
                took += [c.glance(key) for key in KEYS]
                time.sleep(0.005)
        report.row(f"key to frame: {name}, ms", len(took), rig.median(took),
                   rig.percentile(took, 99), max(took))
        report.figure(f"key to frame in a drain, {name}, p99, ms",
                      rig.percentile(took, 99), FRAME_MS)


def at_rest(report, quiet, busy):
    """Four consoles at once, of which nobody wants anything."""
    cases = {"Home": (quiet, b"1"), "Failed": (quiet, b"4"),
             "Home, relay idle": (busy, b"1"),
             "frozen, relay idle": (busy, b"z")}
    with contextlib.ExitStack() as stack:
        stack.enter_context(busy.relay())
        pids = {}
        for case, (outbox, key) in cases.items():
            c = stack.enter_context(watched(outbox, key))
            pids[case] = c.process.pid
        time.sleep(5 if not rig.IS_SHORT else 0.5)
        begun = {case: idle.nanoseconds(pid) for case, pid in pids.items()}
        time.sleep(SECONDS)
        for case, pid in pids.items():
            used_ms = (idle.nanoseconds(pid) - begun[case]) / 1e6
            rss = idle.kib(f"/proc/{pid}/status", "VmRSS") / 1024
            pss = idle.kib(f"/proc/{pid}/smaps_rollup", "Pss") / 1024
            report.row(f"at rest: {case}: CPU %, RSS, Pss MiB", SECONDS,
                       used_ms / 10 / SECONDS, rss, pss)


def main():
    report = rig.Report(
        "console_relay", f"a drain of {COUNT} rows to nginx with 64 "
        f"connections, in windows of {WINDOW} s, with and without a console",
        ["what", "times", "median", "least, p99", "most"])
    with contextlib.ExitStack() as stack:
        where = stack.enter_context(rig.folder())
        base = stack.enter_context(rig.nginx(where))
        boxes = {}
        for name, mix in (("quiet", "failed"), ("idle", "failed"),
                          ("draining", "draining")):
            home = stack.enter_context(rig.folder(where))
            boxes[name] = rig.Outbox(home, base, RELAY_CONCURRENCY=64, **PACE)
            console_rows.make(boxes[name], mix, COUNT,
                              int(time.time() * 1000))
        with boxes["draining"].relay() as relay:
            rig.wait_for("the relay",
                         lambda: boxes["draining"].delivered() > 0)
            drain = Drain(boxes["draining"], relay)
            rates(report, drain)
            keys(report, drain)
            drain.db.close()
        boxes["idle"].verb("run", "--once")
        at_rest(report, boxes["quiet"], boxes["idle"])
    return report.end()


if __name__ == "__main__":
    sys.exit(main())
