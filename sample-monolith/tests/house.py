"""A small bank of its own for a test: a file in a temporary folder, the bank as a function or as a process."""

import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from tests import BANK, ROOT

import db
import seed
from dispatch import serve

ACCOUNTS = 400


class File:
    """A seeded file of the bank, thrown away at the end."""

    def __init__(self, accounts=ACCOUNTS, seed_number=1990):
        self.folder = tempfile.TemporaryDirectory()
        self.path = os.path.join(self.folder.name, "bank.db")
        seed.build(self.path, accounts, seed_number)

    def rows(self, sql, *params):
        con = sqlite3.connect(self.path)
        try:
            return con.execute(sql, params).fetchall()
        finally:
            con.close()

    def change(self, sql, *params):
        con = sqlite3.connect(self.path)
        with con:
            con.execute(sql, params)
        con.close()

    def dump(self):
        """Everything in every table, without the stamps and tokens that no seed gives."""
        tables = {}
        for (name,) in self.rows("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"):
            columns = [row[1] for row in self.rows("PRAGMA table_info(%s)" % name)]
            kept = [c for c in columns if c not in ("stamped", "created", "token")]
            tables[name] = self.rows("SELECT %s FROM %s ORDER BY rowid" % (", ".join(kept), name))
        return tables

    def close(self):
        self.folder.cleanup()


class Counter:
    """The bank without the line: requests go straight to serve()."""

    def __init__(self, file):
        db.use_file(file.path)
        self.tokens = {}
        self.keys = 0

    def ask(self, method, path, params=None, operator=1, key=None, token=None):
        if key is None:
            self.keys += 1
            key = "key-%d" % self.keys
        if token is None and path != "/login":
            token = self.token(operator)
        headers = {"x-session": token or "", "idempotency-key": key}
        return serve({"method": method, "path": path, "params": params or {}, "headers": headers})

    def token(self, operator):
        if operator not in self.tokens:
            params = {"operator": seed.operator_code(operator), "pin": seed.operator_pin(operator)}
            self.tokens[operator] = field(self.ask("POST", "/login", params), "TOKEN")
        return self.tokens[operator]


class Process:
    """The bank as its users know it."""

    def __init__(self, file):
        self.port = free_port()
        command = [sys.executable, os.path.join(BANK, "bank.py"), "--db", file.path, "--port", str(self.port)]
        self.roll = os.path.join(file.folder.name, "roll.txt")
        self.child = subprocess.Popen(command + ["--log", self.roll], stdout=subprocess.PIPE, universal_newlines=True)
        self.ready = self.child.stdout.readline().strip()
        self.url = "http://127.0.0.1:%d" % self.port

    def ask(self, path, form=None, headers=None):
        data = urlencode(form).encode("ascii") if form is not None else None
        with urlopen(Request(self.url + path, data, headers or {}), timeout=30) as answer:
            return answer.status, answer.headers["Content-Type"], answer.read().decode("utf-8")

    def sign_on(self, operator=1):
        form = {"operator": seed.operator_code(operator), "pin": seed.operator_pin(operator)}
        return field(self.ask("/login", form)[2], "TOKEN")

    def stop(self):
        if self.child.poll() is None:
            self.child.send_signal(signal.SIGTERM)
        code = self.child.wait(timeout=10)
        self.child.stdout.close()
        return code


def free_port():
    # Below the range that the system hands out by itself, so that nobody gets it in between.
    for port in range(21990, 32000):
        try:
            socket.create_server(("127.0.0.1", port)).close()
            return port
        except OSError:
            continue
    raise OSError("no free port below 32000")


def field(answer, name):
    found = re.search("<%s>([^<]*)</%s>" % (name, name), answer)
    return found.group(1) if found else None


def run(script, *options):
    """A script beside the bank, to its end: (exit code, what it printed)."""
    command = [sys.executable, os.path.join(ROOT, script)] + list(options)
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, universal_newlines=True, timeout=60)
    return done.returncode, done.stdout
