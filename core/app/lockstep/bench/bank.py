"""A bank for the bench of the attribution: threads, one or two transactions for a request, sleeps around them, a background job.

python3 bank.py --db FILE --port N --accounts N --seed N --job-ms N [--pace F] [--blank]
--pace: all sleeps times this. --blank: answers say nothing. POST /settings: whether requests make their second transaction, and whether the job runs.
"""

import argparse
import json
import random
import sqlite3
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

SCHEMA = """
PRAGMA journal_mode = WAL;
CREATE TABLE accounts (id INTEGER PRIMARY KEY, owner TEXT, balance INTEGER, used INTEGER);
CREATE TABLE movements (id INTEGER PRIMARY KEY, account INTEGER, cents INTEGER, cause TEXT, made TEXT);
CREATE TABLE orders (id INTEGER PRIMARY KEY, account INTEGER, item INTEGER, state TEXT);
CREATE TABLE audit (id INTEGER PRIMARY KEY, account INTEGER, what TEXT, cents INTEGER, made TEXT);
CREATE TABLE stock (item INTEGER PRIMARY KEY, ordered INTEGER, last_account INTEGER);
CREATE TABLE beats (id INTEGER PRIMARY KEY, node TEXT, made TEXT);
"""
NAMES = ["ROSSI ADA", "BIANCHI IVO", "CONTI LIA", "GALLO UGO", "FERRI ANNA"]
held = threading.local()


def stamp():
    return time.strftime("%Y-%m-%d %H:%M:%S")


def connection():
    if getattr(held, "connection", None) is None:
        held.connection = sqlite3.connect(options.db, timeout=30.0, isolation_level=None)
        held.connection.execute("PRAGMA synchronous = NORMAL")
    return held.connection


def transaction(work):
    con = connection()
    con.execute("BEGIN IMMEDIATE")
    try:
        found = work(con)
    except Exception:
        con.execute("ROLLBACK")
        raise
    con.execute("COMMIT")
    return found


def book(con, account, cents, cause):
    con.execute("UPDATE accounts SET balance = balance + ?, used = used + 1 WHERE id = ?", (cents, account))
    row = con.execute("INSERT INTO movements (account, cents, cause, made) VALUES (?, ?, ?, ?)", (account, cents, cause, stamp()))
    return row.lastrowid


def balance_of(con, account):
    return con.execute("SELECT balance FROM accounts WHERE id = ?", (account,)).fetchone()[0]


def deposit(form):
    account, cents = form["account"], round(form["amount"] * 100)

    def first(con):
        number = book(con, account, cents, "DEPOSIT")
        return {"movement": number, "balance": balance_of(con, account) / 100}

    def second(con):
        con.execute("INSERT INTO audit (account, what, cents, made) VALUES (?, 'DEPOSIT', ?, ?)", (account, cents, stamp()))

    return first, second


def transfer(form):
    account, to, cents = form["from"], form["to"], round(form["amount"] * 100)

    def first(con):
        number = book(con, account, -cents, "TRANSFER")
        return {"movement": number, "counter": book(con, to, cents, "TRANSFER")}

    def second(con):
        con.execute("INSERT INTO audit (account, what, cents, made) VALUES (?, 'TRANSFER', ?, ?)", (account, -cents, stamp()))

    return first, second


def order(form):
    account, item = form["account"], form["item"]

    def first(con):
        row = con.execute("INSERT INTO orders (account, item, state) VALUES (?, ?, 'NEW')", (account, item))
        return {"order": row.lastrowid}

    def second(con):
        con.execute("UPDATE stock SET ordered = ordered + 1, last_account = ? WHERE item = ?", (account, item))

    return first, second


OPERATIONS = {"/deposit": deposit, "/transfer": transfer, "/order": order}


class Counter(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_POST(self):
        form = json.loads(self.rfile.read(int(self.headers["Content-Length"])) or b"null")
        if self.path == "/settings":
            settings.update(form)
            return self.answer({})
        self.nap(20, 150)
        if self.path == "/balance":
            return self.answer({"balance": balance_of(connection(), form["account"]) / 100})
        first, second = OPERATIONS[self.path](form)
        found = transaction(first)
        if settings["second"] and chance.random() < 0.5:
            self.nap(5, 80)
            transaction(second)
        self.nap(20, 150)
        self.answer(found)

    def do_GET(self):
        self.answer({})

    def nap(self, low, high):
        time.sleep(chance.uniform(low, high) / 1000 * options.pace)

    def answer(self, found):
        body = json.dumps({"done": True} if options.blank else found).encode()
        head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body)
        self.wfile.write(head.encode() + body)

    def log_message(self, format, *args):
        pass


class Hall(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256


def job():
    while True:
        time.sleep(options.job_ms / 1000)
        if not settings["job"]:
            continue
        transaction(lambda con: con.execute("INSERT INTO beats (node, made) VALUES (?, ?)", ("node-%d" % chance.randrange(3), stamp())))


parser = argparse.ArgumentParser()
parser.add_argument("--db", required=True)
parser.add_argument("--port", type=int, required=True)
parser.add_argument("--accounts", type=int, required=True)
parser.add_argument("--seed", type=int, required=True)
parser.add_argument("--job-ms", type=float, required=True)
parser.add_argument("--pace", type=float, default=1.0)
parser.add_argument("--blank", action="store_true")
options = parser.parse_args()
settings = {"second": True, "job": False}
chance = random.Random(options.seed)

made = sqlite3.connect(options.db, isolation_level=None)
made.executescript(SCHEMA)
made.execute("BEGIN")
for n in range(options.accounts):
    made.execute("INSERT INTO accounts VALUES (?, ?, ?, 0)", (1000010 + n * 7, NAMES[n % len(NAMES)], 100000 + n * 17))
for n in range(10, 60):
    made.execute("INSERT INTO stock VALUES (?, 0, 0)", (n,))
made.execute("COMMIT")
# Held open: while one connection is left the log is not thrown away and made again.
made.execute("SELECT count(*) FROM stock").fetchone()
hall = Hall(("127.0.0.1", options.port), Counter)
print("listening 127.0.0.1:%d" % hall.server_address[1], flush=True)
threading.Thread(target=job, daemon=True).start()
hall.serve_forever()
