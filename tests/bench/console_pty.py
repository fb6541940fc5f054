"""outbox-tui on a pseudo-terminal: keys in, and when the frame was out that
shows what they did.

A frame is out when the console has written all of it and said so on the FIFO
of --trace-frames, which it does at once behind the write.
"""

import contextlib
import fcntl
import itertools
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time

import rig

ROWS, COLS = 40, 120
PATIENCE_S = 60
ASKED = b"\033[6n"  # where is the cursor?


numbers = itertools.count()


class Ended(Exception):
    """The console left, or says nothing."""


class Console:
    def __init__(self, where, db, *options, program="outbox-tui", env=None):
        self.fifo = os.path.join(where, f"frames-{next(numbers)}")
        os.mkfifo(self.fifo)
        self.frames = os.open(self.fifo, os.O_RDWR | os.O_NONBLOCK)
        self.master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ,
                    struct.pack("HHHH", ROWS, COLS, 0, 0))
        self.said, self.rest = b"", b""
        argv = [os.path.join(rig.BUILD, program), "--db", db,
                "--trace-frames", self.fifo, *options]
        environ = {k: v for k, v in os.environ.items()
                   if not k.startswith(rig.OURS) and k != "NO_COLOR"}
        environ.update(TERM="screen-256color", LC_ALL="C.UTF-8",
                       XDG_CONFIG_HOME=where, XDG_STATE_HOME=where,
                       **(env or {}))
        self.begun = time.monotonic()
        self.process = subprocess.Popen(
            argv, stdin=slave, stdout=slave, stderr=subprocess.PIPE, cwd=where,
            env=environ, start_new_session=True)
        os.close(slave)

    def listen(self, timeout):
        """Takes what the console says. The frames it told of, as (when, is
        idle)."""
        ready, _, _ = select.select([self.frames, self.master], [], [],
                                    timeout)
        now = time.monotonic()
        if self.master in ready:
            try:
                got = os.read(self.master, 65536)
            except OSError as e:
                why = self.process.stderr.read().decode()
                raise Ended(f"the console left: {why}") from e
            if ASKED in got:
                os.write(self.master, b"\033[1;2R")
            self.said = self.said[-200000:] + got
        if self.frames not in ready:
            return []
        self.rest += os.read(self.frames, 65536)
        *lines, self.rest = self.rest.split(b"\n")
        return [(now, line.endswith(b"idle")) for line in lines]

    def settle(self, until=None):
        """Listens until all is read that was asked for: when the first frame
        from now on was out, and the last."""
        first = None
        deadline = time.monotonic() + (until or PATIENCE_S)
        while True:
            for at, is_idle in self.listen(0.5):
                first = first or at
                if is_idle:
                    return first, at
            if time.monotonic() > deadline:
                raise Ended("the console does not come to rest")

    def drain(self):
        while self.listen(0):
            pass

    def press(self, key):
        """Milliseconds from the write of the key to the first frame, and to
        the one that shows all that was asked for."""
        self.drain()
        begun = time.monotonic()
        os.write(self.master, key)
        first, last = self.settle()
        return (first - begun) * 1000, (last - begun) * 1000

    def glance(self, key):
        """The same, to the first frame alone: for while it is busy."""
        self.drain()
        begun = time.monotonic()
        os.write(self.master, key)
        while True:
            for at, _ in self.listen(1):
                return (at - begun) * 1000
            if time.monotonic() - begun > PATIENCE_S:
                raise Ended("no frame for a key")

    def start(self):
        """Milliseconds from exec to the first frame, and to the one that shows
        all that is read at first."""
        first, last = self.settle()
        return (first - self.begun) * 1000, (last - self.begun) * 1000

    def screen(self):
        """The text of the screen, drawn anew: rows follow each other."""
        self.drain()
        self.said = b""
        os.write(self.master, b"\f")
        self.settle()
        while self.listen(0.02):
            pass
        text = re.sub(rb"\033(\[[0-9;?]*[A-Za-z]|[()][A-Z0-9]|[=>78M])", b" ",
                      self.said)
        return text.decode(errors="replace")

    def close(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        while self.process.poll() is None:
            with contextlib.suppress(Ended):
                self.listen(0.05)
        for fd in self.frames, self.master:
            os.close(fd)
        os.unlink(self.fifo)
        self.process.stderr.close()
        if self.process.returncode not in (0, 128 + signal.SIGTERM):
            sys.exit(f"the console ended with {self.process.returncode}")


@contextlib.contextmanager
def console(where, db, *options, **more):
    c = Console(where, db, *options, **more)
    try:
        yield c
    finally:
        c.close()


def echoes(count):
    """The peer: how long cat takes to give a key back, ms."""
    master, slave = pty.openpty()
    attributes = termios.tcgetattr(slave)
    attributes[3] &= ~(termios.ICANON | termios.ECHO)
    termios.tcsetattr(slave, termios.TCSANOW, attributes)
    took = []
    with rig.process(["cat"], stdin=slave, stdout=slave):
        os.close(slave)
        for _ in range(count):
            begun = time.monotonic()
            os.write(master, b"j")
            os.read(master, 10)
            took.append((time.monotonic() - begun) * 1000)
            time.sleep(0.002)
    os.close(master)
    return took
