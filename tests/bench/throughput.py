"""Durable throughput: rows a second from the database to a local nginx and
back, beside wrk against the same nginx and plainjob on the same disk."""

import os
import subprocess
import sys

import rig

ROUNDS = 2 if rig.IS_SHORT else 5
ROWS = 10000 if rig.IS_SHORT else 50000
JOBS = 2000 if rig.IS_SHORT else 10000
CONNECTIONS = 64
QUERY = ("/tcb/invokecloudfunction?access_token=" + "t" * 136 +
         f"&env={rig.CLOUD_ENV}&name=quickstartFunctions")
# What the relay sends for a row of rig.FILL, of the same length.
BODY = ('{"type":"sendCustomerAssignNotify","notificationData":'
        '{"assignedToId":"user-12345","customerName":"张三",'
        '"source":"手动分配","assignerName":"李四",'
        '"customerId":"66f2a1c0e4b0a1d2c3b4a601",'
        '"assignTime":"2025-12-24T10:30:00.000Z"},'
        '"notificationId":"0123456789abcdef0123456789abcdef"}')


def wrk(where, base, threads):
    script = os.path.join(where, "post.lua")
    with open(script, "w", encoding="utf-8") as f:
        f.write('wrk.method = "POST"\n'
                'wrk.headers["Content-Type"] = "application/json"\n'
                f"wrk.body = [[{BODY}]]\n")
    said = subprocess.run(
        ["wrk", f"-t{threads}", f"-c{CONNECTIONS}", "-d3s", "-s", script,
         base + QUERY], check=True, capture_output=True, text=True).stdout
    if "Non-2xx" in said or "Socket errors" in said:
        sys.exit(said)
    return float(said.split("Requests/sec:")[1].split()[0])


def relay(where, base):
    with rig.folder(where) as home:
        outbox = rig.Outbox(home, base, RELAY_CONCURRENCY=CONNECTIONS)
        outbox.fill(ROWS)
        outbox.verb("run", "--once")
        tries = outbox.get("SELECT count(*) FROM outbox_attempt")
        if outbox.delivered() != ROWS or tries != ROWS:
            sys.exit("not every row was delivered at the first attempt")
        return outbox.rate(ROWS)


def plainjob(where, base, synchronous):
    with rig.folder(where) as home:
        return float(subprocess.run(
            ["node", os.path.join(rig.ROOT, "tests/bench/plainjob.mjs"),
             os.path.join(rig.OUT, "node"), os.path.join(home, "jobs.db"),
             base + QUERY, str(JOBS), str(CONNECTIONS), synchronous],
            check=True, capture_output=True, text=True).stdout)


def main():
    report = rig.Report(
        "throughput", f"{ROWS} rows, {CONNECTIONS} connections, one nginx; "
        f"median of {ROUNDS} rounds in turns",
        ["what", "durability", "a second", "least", "most"])
    with rig.folder() as where, rig.nginx(where) as base:
        runs = {
            ("relay", "FULL"): lambda: relay(where, base),
            ("wrk, 1 thread", "none"): lambda: wrk(where, base, 1),
            ("wrk, 2 threads", "none"): lambda: wrk(where, base, 2),
            ("plainjob, 64 workers", "FULL"):
                lambda: plainjob(where, base, "FULL"),
            ("plainjob, 64 workers", "NORMAL"):
                lambda: plainjob(where, base, "NORMAL"),
        }
        rounds = [{what: run() for what, run in runs.items()}
                  for _ in range(ROUNDS)]
    for what in runs:
        rates = [r[what] for r in rounds]
        report.row(*what, round(rig.median(rates)), round(min(rates)),
                   round(max(rates)))

    def ratio(what):
        return rig.median([r[("relay", "FULL")] / r[what] for r in rounds])
    report.figure("relay at FULL / plainjob at FULL",
                  ratio(("plainjob, 64 workers", "FULL")), 10, is_least=True)
    report.figure("relay at FULL / wrk with 1 thread",
                  ratio(("wrk, 1 thread", "none")), 0.25, is_least=True)
    report.figure("relay at FULL / wrk with 2 threads",
                  ratio(("wrk, 2 threads", "none")), 0.25, is_least=True)
    return report.end()


if __name__ == "__main__":
    sys.exit(main())
