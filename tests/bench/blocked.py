"""Whether rows that wait for others make the relay slower for those that do
not: behind ordering keys, and for one recipient."""

import contextlib
import sys
import time

import rig

ROUNDS = 3 if rig.IS_SHORT else 7
FREE = 5000 if rig.IS_SHORT else 10000
WAITING = 20000 if rig.IS_SHORT else 100000
PARKED = "SELECT count(*) FROM outbox WHERE waits_for IS NOT NULL"


def behind_keys(keys):
    """The first row of each key is due tomorrow; the relay finds out that the
    others wait for it. Returns how long that takes, and how many wait."""
    def block(outbox):
        outbox.fill(WAITING, "'held-' || i", f"'key-' || (i % {keys})")
        outbox.change("UPDATE outbox SET due_at = due_at + 86400000"
                      " WHERE id IN (SELECT min(id) FROM outbox"
                      "               GROUP BY ordering_key)")
        begun = time.monotonic()
        outbox.verb("run", "--once")
        return time.monotonic() - begun, WAITING - keys
    return block


def for_recipient(outbox):
    """As the relay leaves them while another row of theirs is on the wire."""
    outbox.fill(WAITING, "'held'")
    outbox.change("UPDATE outbox SET waits_for = 'recipient'")
    return 0, WAITING


CASES = {
    "nobody waits": lambda outbox: (0, 0),
    "behind 1,000 ordering keys": behind_keys(1000),
    "behind one ordering key": behind_keys(1),
    "for one recipient": for_recipient,
}


def main():
    report = rig.Report(
        "blocked", f"{FREE} free rows drained at FULL beside {WAITING} that "
        f"wait, 64 connections to nginx; median of {ROUNDS} rounds in turns",
        ["who waits", "rows parked", "parking s", "a second", "least", "most"])
    with contextlib.ExitStack() as stack:
        where = stack.enter_context(rig.folder())
        base = stack.enter_context(rig.nginx(where))
        cases = {}
        for name, block in CASES.items():
            home = stack.enter_context(rig.folder(where))
            outbox = rig.Outbox(home, base, RELAY_CONCURRENCY=64)
            cases[name] = outbox, *block(outbox), []
            if outbox.get(PARKED) != cases[name][2]:
                sys.exit(f"{name}: {outbox.get(PARKED)} rows are parked")
        for i in range(ROUNDS):
            for outbox, _, parked, rates in cases.values():
                outbox.fill(FREE, first=1 + i * FREE)
                outbox.verb("run", "--once")
                rates.append(outbox.rate(FREE, i * FREE))
                if outbox.get(PARKED) != parked:
                    sys.exit("rows that wait were let go")
    alone = cases["nobody waits"][3]
    for name, (_, seconds, parked, rates) in cases.items():
        report.row(name, parked, float(seconds), round(rig.median(rates)),
                   round(min(rates)), round(max(rates)))
        if rates is not alone:
            report.figure(f"{name} / nobody waits", rig.median(
                [r / a for r, a in zip(rates, alone)]), 0.8, is_least=True)
    return report.end()


if __name__ == "__main__":
    sys.exit(main())
