"""RELAY_RATE: never more in any second, as the receiver sees it, and hardly
less."""

import sys

import rig

SECONDS = 4 if rig.IS_SHORT else 10


def most_in_a_second(times_us):
    """Over all sliding seconds."""
    most = first = 0
    for last, at in enumerate(times_us):
        while times_us[first] <= at - 1000000:
            first += 1
        most = max(most, last - first + 1)
    return most


def arrivals(rate):
    with rig.folder() as where, rig.simulator(where) as sim:
        outbox = rig.Outbox(where, sim.base, RELAY_RATE=rate,
                            RELAY_CONCURRENCY=64)
        outbox.fill(rate * SECONDS, "'load-' || i")
        with outbox.relay():
            rig.wait_for("the rows", lambda: outbox.delivered() ==
                         rate * SECONDS, 3 * SECONDS)
        return sim.arrivals()


def main():
    report = rig.Report(
        "pace", f"requests of {SECONDS} s at a limit, as the simulator sees "
        "them", ["limit a second", "most in a second", "mean a second"])
    for rate in 20, 200, 2000:
        times = arrivals(rate)
        most = most_in_a_second(times)
        mean = (len(times) - 1) * 1e6 / (times[-1] - times[0])
        report.row(rate, most, mean)
        report.figure(f"most in any second / {rate}", most / rate, 1)
        report.figure(f"mean / {rate}", mean / rate, 0.95, is_least=True)
    return report.end()


if __name__ == "__main__":
    sys.exit(main())
