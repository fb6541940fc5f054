"""From the CRM's COMMIT to the arrival of the request, at 10 rows a second,
beside what fdatasync takes on the same disk in the same minute."""

import os
import subprocess
import sys

import rig

ROWS = 50 if rig.IS_SHORT else 200
A_SECOND = 10


def measure(where, synchronous):
    """For each row: commit to arrival, its INSERT and COMMIT, and a fdatasync;
    in ms."""
    with rig.folder(where) as home, rig.simulator(home) as sim:
        outbox = rig.Outbox(home, sim.base)
        with outbox.relay():
            rig.wait_for("the token", lambda: "token fetched" in
                         outbox.errors())
            said = subprocess.run(
                [os.path.join(rig.BUILD, "tests/bench/crm"), outbox.path,
                 str(ROWS), str(A_SECOND), synchronous],
                check=True, capture_output=True, text=True).stdout
            rig.wait_for("the rows", lambda: outbox.delivered() == ROWS)
        arrivals = sim.arrivals()
        rows = [[int(n) for n in line.split()] for line in said.splitlines()]
        if len(arrivals) != ROWS:
            sys.exit(f"{len(arrivals)} requests for {ROWS} rows")
        # At this pace rows arrive in the order of their commits.
        return [((arrived - committed) / 1000, insert / 1000, sync / 1000)
                for arrived, (committed, insert, sync) in zip(arrivals, rows)]


def main():
    report = rig.Report(
        "arrival", f"COMMIT to arrival, {ROWS} rows at {A_SECOND} a second, "
        "ms; relay at FULL, simulator",
        ["the CRM at", "p50", "p99", "fdatasync p50", "fdatasync p99",
         "INSERT p50"])
    for synchronous in "FULL", "NORMAL":
        with rig.folder() as where:
            arrival, insert, sync = zip(*measure(where, synchronous))
        p50, p99 = (rig.percentile(arrival, p) for p in (50, 99))
        sync50, sync99 = (rig.percentile(sync, p) for p in (50, 99))
        report.row(synchronous, p50, p99, sync50, sync99,
                   rig.percentile(insert, 50))
        report.figure(f"p50, CRM at {synchronous}, ms", p50, sync50 + 1)
        report.figure(f"p99, CRM at {synchronous}, ms", p99, sync99 + 5)
    return report.end()


if __name__ == "__main__":
    sys.exit(main())
