"""What the benchmarks share: a folder on a real disk, the relay of this build,
a nginx and a simulator beside it, rows, and the figures.

Everything listens on 127.0.0.1 alone, on a port that was free, and ends with
the benchmark. Whatever is compared is measured in the same run, in turns.
"""

import contextlib
import json
import os
import platform
import shutil
import signal
import socket
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
BUILD = os.path.join(ROOT, os.environ.get("B", "build"))
OUT = os.path.join(ROOT, os.environ.get("BENCH_OUT", "build/bench"))
IS_SHORT = bool(os.environ.get("SHORT"))

APPID = "wxb2c4e35d16d99fd3"
SECRET = "0123456789abcdef0123456789abcdef"
CLOUD_ENV = "cloud1-4gi0bpoje72fedd1"
TYPE = "sendCustomerAssignNotify"
OURS = ("MINIPROGRAM_", "WECHAT_", "OUTBOX_", "RELAY_", "WEBHOOK_")

ANSWER = r'{"errcode":0,"errmsg":"ok","resp_data":"{\"success\":true}"}'
NGINX = """
daemon off;
worker_processes auto;
pid nginx.pid;
error_log stderr error;
events { worker_connections 1024; }
http {
  access_log off;
  keepalive_timeout 600s;
  keepalive_requests 100000000;
  client_body_temp_path body;
  proxy_temp_path proxy;
  fastcgi_temp_path fastcgi;
  uwsgi_temp_path uwsgi;
  scgi_temp_path scgi;
  default_type application/json;
  server {
    listen 127.0.0.1:%(port)d;
    location /tcb/invokecloudfunction { return 200 '%(answer)s'; }
    location /cgi-bin/stable_token {
      return 200 '{"access_token":"%(token)s","expires_in":7200}';
    }
  }
}
"""


def file_system(path):
    return subprocess.run(["stat", "-f", "-c", "%T", path], check=True,
                          capture_output=True, text=True).stdout.strip()


@contextlib.contextmanager
def folder(parent=OUT):
    """An empty folder, below build/bench: /tmp may be memory, where fsync is
    free."""
    os.makedirs(parent, exist_ok=True)
    path = tempfile.mkdtemp(prefix="tmp.", dir=parent)
    os.chmod(path, 0o755)
    try:
        if file_system(path) == "tmpfs":
            sys.exit("build/bench is in memory: fsync would cost nothing")
        yield path
    finally:
        shutil.rmtree(path)


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def wait_for(what, holds, seconds=30):
    until = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > until:
            sys.exit(f"waited {seconds} s in vain for {what}")
        time.sleep(0.05)


def answers(port):
    with contextlib.suppress(OSError):
        socket.create_connection(("127.0.0.1", port), 1).close()
        return True
    return False


@contextlib.contextmanager
def process(argv, **options):
    p = subprocess.Popen(argv, **options)
    try:
        yield p
    finally:
        if p.poll() is None:
            p.terminate()
        p.wait()


@contextlib.contextmanager
def nginx(where):
    """A nginx that says yes to everything; yields its address."""
    home = os.path.join(where, "nginx")
    os.mkdir(home)
    port = free_port()
    conf = os.path.join(home, "nginx.conf")
    with open(conf, "w", encoding="ascii") as f:
        f.write(NGINX % {"port": port, "token": "t" * 136,
                         "answer": ANSWER.replace("\\", "\\\\")})
    path = os.environ["PATH"] + ":/usr/sbin"
    argv = [shutil.which("nginx", path=path), "-p", home, "-c", conf,
            "-e", "stderr"]
    with process(argv):
        wait_for("nginx", lambda: answers(port))
        yield f"http://127.0.0.1:{port}"


class Simulator:
    def __init__(self, base, journal):
        self.base = base
        self.journal = journal

    def arrivals(self):
        """When the calls of the cloud function arrived, in CLOCK_MONOTONIC's
        us."""
        with open(self.journal, encoding="utf-8") as f:
            calls = [json.loads(line) for line in f]
        return sorted(c["t_us"] for c in calls if c["stage"] == "invoke")


@contextlib.contextmanager
def simulator(where, *options):
    port_file = os.path.join(where, "port")
    journal = os.path.join(where, "journal")
    argv = [os.path.join(BUILD, "wechat-sim"), "--quiet", "--port-file",
            port_file, "--journal", journal, *options]
    with process(argv, stdout=subprocess.DEVNULL):
        wait_for("the simulator", lambda: os.path.exists(port_file) and
                 os.path.getsize(port_file))
        with open(port_file, encoding="ascii") as f:
            port = int(f.read())
        yield Simulator(f"http://127.0.0.1:{port}", journal)
    os.unlink(port_file)
    os.unlink(journal)


def relay_env(base, settings):
    env = {k: v for k, v in os.environ.items()
           if not k.startswith(OURS) and not k.lower().endswith("_proxy")}
    env.update(MINIPROGRAM_APPID=APPID, MINIPROGRAM_APPSECRET=SECRET,
               MINIPROGRAM_CLOUD_ENV=CLOUD_ENV, WECHAT_API_BASE=base,
               **{k: str(v) for k, v in settings.items()})
    return env


class Outbox:
    """A database, and relays on it."""

    def __init__(self, where, base, **settings):
        self.path = os.path.join(where, "outbox.db")
        self.where = where
        self.env = relay_env(base, settings)
        self.verb("init")

    def argv(self, verb, *args):
        return [os.path.join(BUILD, "outbox-relay"), verb, "--db", self.path,
                *args]

    def verb(self, verb, *args):
        said = subprocess.run(self.argv(verb, *args), env=self.env,
                              cwd=self.where, capture_output=True, text=True,
                              check=False)
        if said.returncode:
            sys.exit(f"outbox-relay {verb}: {said.stderr}")

    @contextlib.contextmanager
    def relay(self):
        """A daemon; stopped with SIGTERM."""
        with open(os.path.join(self.where, "relay.err"), "w",
                  encoding="utf-8") as err:
            with process(self.argv("run"), env=self.env, cwd=self.where,
                         stderr=err) as p:
                yield p
                p.send_signal(signal.SIGTERM)
                if p.wait():
                    sys.exit(f"the relay failed: {self.errors()}")

    def errors(self):
        with open(os.path.join(self.where, "relay.err"),
                  encoding="utf-8") as f:
            return f.read()

    def open(self):
        db = sqlite3.connect(self.path, timeout=5, isolation_level=None)
        db.execute("PRAGMA wal_autocheckpoint = 0")
        return db

    def get(self, sql, *values):
        with contextlib.closing(self.open()) as db:
            row = db.execute(sql, values).fetchone()
            return row[0] if len(row) == 1 else row

    def fill(self, count, recipient="'user-' || i", key="NULL", first=1):
        """Rows as the CRM inserts them, all due now; the WAL is empty after
        it. `recipient` and `key` are SQL over i."""
        with contextlib.closing(self.open()) as db:
            db.execute("PRAGMA synchronous = OFF")
            for begin in range(first, first + count, 20000):
                end = min(begin + 20000, first + count) - 1
                db.execute(FILL % {"recipient": recipient, "key": key,
                                   "type": TYPE}, (begin, end))
                db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            os.sync()

    def change(self, sql):
        with contextlib.closing(self.open()) as db:
            db.execute(sql)

    def delivered(self):
        return self.get("SELECT count(*) FROM outbox"
                        " WHERE status = 'delivered'")

    def rate(self, count, after=0):
        """Rows a second, from the first request after so many results to the
        result of the `count`th row from there."""
        begun, ended = (self.get(
            "SELECT %s FROM outbox AS o JOIN outbox_attempt AS a"
            "    ON a.outbox_id = o.id"
            " WHERE o.status = 'delivered'"
            " ORDER BY o.delivered_at, a.started_at LIMIT 1 OFFSET ?" % what,
            at) for what, at in (("a.started_at", after),
                                 ("o.delivered_at", after + count - 1)))
        return count * 1000 / (ended - begun)


FILL = """
WITH RECURSIVE n(i) AS (SELECT ?1 UNION ALL SELECT i + 1 FROM n WHERE i < ?2)
INSERT INTO outbox (type, payload, ordering_key)
SELECT '%(type)s',
       json_object('assignedToId', %(recipient)s, 'customerName', '张三',
                   'source', '手动分配', 'assignerName', '李四',
                   'customerId', '66f2a1c0e4b0a1d2c3b4a601',
                   'assignTime', '2025-12-24T10:30:00.000Z'),
       %(key)s
  FROM n"""


def percentile(values, percent):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)]


median = statistics.median


def machine():
    model = "unknown"
    with open("/proc/cpuinfo", encoding="utf-8") as f:
        for line in f:
            if line.startswith("model name"):
                model = line.split(":")[1].strip()
    return {
        "cpu": f"{os.cpu_count()} x {model}",
        "kernel": platform.release(),
        "file_system": file_system(OUT),
        "sqlite": sqlite3.sqlite_version,
    }


class Report:
    """A table, the figures below it, and both in build/bench/NAME.json."""

    def __init__(self, name, what, columns):
        self.name, self.what = name, what
        self.columns, self.rows, self.figures = columns, [], []
        print(f"\n{name}: {what}")
        self.line(columns)

    def line(self, cells):
        print("  " + "".join(f"{c:<34}" if i == 0 else f"{c:>14}"
                             for i, c in enumerate(cells)), flush=True)

    def row(self, *cells):
        self.rows.append(cells)
        self.line([f"{c:.2f}" if isinstance(c, float) else str(c)
                   for c in cells])

    def figure(self, name, value, limit, is_least=False):
        """`limit` is the most, or with is_least the least, it may be."""
        is_ok = value >= limit if is_least else value <= limit
        self.figures.append({"figure": name, "value": value,
                             "least" if is_least else "most": limit,
                             "ok": is_ok})

    def end(self):
        """Returns the exit status."""
        print(f"  {'figure':<44}{'value':>10}{'limit':>12}")
        for f in self.figures:
            limit = f">= {f['least']:.4g}" if "least" in f else \
                f"<= {f['most']:.4g}"
            print(f"  {f['figure']:<44}{f['value']:>10.4g}{limit:>12}"
                  f"  {'ok' if f['ok'] else 'MISSED'}")
        with open(os.path.join(OUT, self.name + ".json"), "w",
                  encoding="utf-8") as out:
            json.dump({"bench": self.name, "what": self.what,
                       "at": time.strftime("%Y-%m-%dT%H:%M:%SZ",
                                           time.gmtime()),
                       "machine": machine(), "columns": self.columns,
                       "rows": self.rows, "figures": self.figures},
                      out, indent=1, ensure_ascii=False)
            out.write("\n")
        return 0 if all(f["ok"] for f in self.figures) else 1
