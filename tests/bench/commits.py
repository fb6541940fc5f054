"""The CRM's commits while the relay drains a backlog as fast as it can, beside
the same commits without a relay."""

import contextlib
import os
import subprocess
import sys

import rig

ROUNDS = 2 if rig.IS_SHORT else 5
BACKLOG = 50000
COMMITS, A_SECOND = 400, 200


def crm(outbox, synchronous):
    """How long each INSERT and COMMIT took, in ms."""
    said = subprocess.run(
        [os.path.join(rig.BUILD, "tests/bench/crm"), outbox.path,
         str(COMMITS), str(A_SECOND), synchronous],
        check=True, capture_output=True, text=True).stdout
    return [int(line.split()[1]) / 1000 for line in said.splitlines()]


def round_of(where, base, synchronous):
    """Alone, and during a drain."""
    with contextlib.ExitStack() as stack:
        outbox = rig.Outbox(stack.enter_context(rig.folder(where)), base,
                            RELAY_CONCURRENCY=64)
        alone = crm(outbox, synchronous)
        outbox.fill(BACKLOG)
        with outbox.relay():
            rig.wait_for("the relay", lambda: outbox.delivered() > 0)
            before = outbox.delivered()
            drained = crm(outbox, synchronous)
            rate = (outbox.delivered() - before) / (COMMITS / A_SECOND)
        if rate * COMMITS / A_SECOND >= BACKLOG:
            sys.exit("the drain ended before the CRM's writer")
        return alone, drained, rate


def main():
    report = rig.Report(
        "commits", f"the CRM's INSERT and COMMIT, {A_SECOND} a second, ms; "
        "relay at FULL, 64 connections to nginx",
        ["the CRM at", "alone p50", "alone p99", "drain p50", "drain p99",
         "drained/s"])
    with rig.folder() as where, rig.nginx(where) as base:
        for synchronous in "FULL", "NORMAL":
            rounds = [round_of(where, base, synchronous)
                      for _ in range(ROUNDS)]
            p50, p99 = ([[rig.percentile(r[i], p) for r in rounds]
                         for i in (0, 1)] for p in (50, 99))
            report.row(synchronous, rig.median(p50[0]), rig.median(p99[0]),
                       rig.median(p50[1]), rig.median(p99[1]),
                       rig.median([r[2] for r in rounds]))
            report.figure(f"p99 in a drain / alone, CRM at {synchronous}",
                          rig.median([d / a for a, d in zip(*p99)]), 3)
    return report.end()


if __name__ == "__main__":
    sys.exit(main())
