"""What the relay costs while there is nothing to do."""

import os
import sys
import time

import rig

SECONDS = 600 if os.environ.get("LONG") else 10 if rig.IS_SHORT else 60
TICK = os.sysconf("SC_CLK_TCK")


def ticks(pid):
    with open(f"/proc/{pid}/stat", encoding="ascii") as f:
        fields = f.read().rsplit(")", 1)[1].split()
    return int(fields[11]) + int(fields[12])


def nanoseconds(pid):
    """Of CPU, finer than ticks."""
    with open(f"/proc/{pid}/schedstat", encoding="ascii") as f:
        return int(f.read().split()[0])


def kib(path, name):
    with open(path, encoding="ascii") as f:
        for line in f:
            if line.startswith(name + ":"):
                return int(line.split()[1])
    return 0


def main():
    report = rig.Report(
        "idle", f"{SECONDS} s without rows, default settings (heartbeat 2 s "
        "at FULL), after 1,000 rows were delivered",
        ["", "CPU ticks", "CPU ms", "VmRSS MiB", "Pss MiB", "private MiB"])
    with rig.folder() as where, rig.nginx(where) as base:
        outbox = rig.Outbox(where, base)
        outbox.fill(1000)
        with outbox.relay() as p:
            rig.wait_for("the rows", lambda: outbox.delivered() == 1000)
            time.sleep(2)
            begun, begun_ns = ticks(p.pid), nanoseconds(p.pid)
            time.sleep(SECONDS)
            used = ticks(p.pid) - begun
            used_ms = (nanoseconds(p.pid) - begun_ns) / 1e6
            rollup = f"/proc/{p.pid}/smaps_rollup"
            rss = kib(f"/proc/{p.pid}/status", "VmRSS") / 1024
            report.row("relay", used, used_ms, rss,
                       kib(rollup, "Pss") / 1024,
                       (kib(rollup, "Private_Clean") +
                        kib(rollup, "Private_Dirty")) / 1024)
    # Ticks miss what is shorter than one; the scheduler's sum does not.
    share = max(used / TICK, used_ms / 1000) / SECONDS
    report.figure("CPU, % of one core", share * 100, 0.1)
    report.figure("resident (VmRSS), MiB", rss, 16)
    return report.end()


if __name__ == "__main__":
    sys.exit(main())
