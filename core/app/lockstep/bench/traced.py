"""Runs a legacy program as it is, and keeps the truth aside: for each commit that changed rows the request whose thread made it.

python3 traced.py TRUTH PROGRAM [ARGUMENTS OF THE PROGRAM]

One line for each commit, in the order of the database: the header X-Client-Request of the request, or `-` for a thread that serves none.
"""

import os
import runpy
import sqlite3
import sys
import threading
from http.server import BaseHTTPRequestHandler

truth_path, program = sys.argv[1], os.path.abspath(sys.argv[2])
truth = open(truth_path, "w", encoding="utf-8")
# Held from BEGIN to the noting: what is noted first was committed first.
order = threading.Lock()
serving = threading.local()

parse_request = BaseHTTPRequestHandler.parse_request


def noting_parse(self):
    is_good = parse_request(self)
    if is_good:
        serving.request = self.headers.get("X-Client-Request", "-")
    return is_good


class Noting(sqlite3.Connection):
    held = False
    before = 0

    def execute(self, sql, *parameters):
        word = sql.strip().upper()
        if word.startswith("BEGIN"):
            order.acquire()
            self.held = True
            self.before = self.total_changes
            try:
                return super().execute(sql, *parameters)
            except BaseException:
                self.end()
                raise
        if word not in ("COMMIT", "ROLLBACK"):
            return super().execute(sql, *parameters)
        try:
            found = super().execute(sql, *parameters)
            if word == "COMMIT" and self.total_changes > self.before:
                truth.write(getattr(serving, "request", "-") + "\n")
                truth.flush()
            return found
        finally:
            self.end()

    def end(self):
        if self.held:
            self.held = False
            order.release()


connect = sqlite3.connect


def noting_connect(*arguments, **named):
    return connect(*arguments, **{**named, "factory": Noting})


BaseHTTPRequestHandler.parse_request = noting_parse
sqlite3.connect = noting_connect
sys.argv = [program] + sys.argv[3:]
sys.path.insert(0, os.path.dirname(program))
runpy.run_path(program, run_name="__main__")
