"""Whether a long queue makes the relay slower: the first 10,000 rows of a drain
with 10,000 rows waiting, and with 1,000,000."""

import sys

import rig

ROUNDS = 3 if rig.IS_SHORT else 7
DRAIN = 10000
MANY = 100000 if rig.IS_SHORT else 1000000


def drain(outbox):
    """Rows a second of the next so many rows; the relay may take some more."""
    before = outbox.delivered()
    with outbox.relay():
        rig.wait_for("the rows",
                     lambda: outbox.delivered() >= before + DRAIN, 120)
    return outbox.rate(DRAIN, before)


def main():
    report = rig.Report(
        "backlog", f"{DRAIN} rows drained at FULL, 64 connections to nginx; "
        f"median of {ROUNDS} rounds in turns",
        ["rows waiting", "a second", "least", "most"])
    with rig.folder() as where, rig.nginx(where) as base:
        with rig.folder(where) as home:
            many = rig.Outbox(home, base, RELAY_CONCURRENCY=64)
            # Each round takes some; there are never fewer than MANY.
            many.fill(MANY + 3 * ROUNDS * DRAIN)
            rates = {DRAIN: [], MANY: []}
            for _ in range(ROUNDS):
                with rig.folder(where) as other:
                    few = rig.Outbox(other, base, RELAY_CONCURRENCY=64)
                    few.fill(DRAIN)
                    rates[DRAIN].append(drain(few))
                rates[MANY].append(drain(many))
            left = many.get("SELECT count(*) FROM outbox"
                            " WHERE status = 'pending'")
            if left < MANY:
                sys.exit(f"only {left} rows were left waiting")
    for waiting, those in rates.items():
        report.row(waiting, round(rig.median(those)), round(min(those)),
                   round(max(those)))
    report.figure(f"rate with {MANY} waiting / with {DRAIN}",
                  rig.median([m / f for f, m in zip(*rates.values())]), 0.9,
                  is_least=True)
    return report.end()


if __name__ == "__main__":
    sys.exit(main())
