# DB    the file of the bank: opening, numbering, the register of requests
# --------------------------------------------------------------------------
# 12.11.99 M.B.  first version
# 03.02.04 G.F.  WAL; synchronous NORMAL (the disk of the 4th floor is slow)
# 17.09.12 L.R.  register of requests, memo 12/2012
#
# One connection for each request, opened and closed by the one who serves it.
# Who writes says BEGIN IMMEDIATE himself, once, and COMMIT himself, once.

import sqlite3
from datetime import datetime

from errors import BankError

# Set at the start by bank.py and never again.
FILE = "banca.db"


def use_file(path):
    global FILE
    FILE = path


def connect():
    con = sqlite3.connect(FILE, timeout=30.0, isolation_level=None)
    con.row_factory = sqlite3.Row
    con.execute("PRAGMA synchronous=NORMAL")
    return con


# The moment, as it is stamped into every row that somebody may ask about.
def stamp():
    return datetime.now().strftime("%Y-%m-%d %H:%M:%S")


# Next number of a global sequence. The inspectors want movements, postings,
# loans and charges numbered WITHOUT HOLES over the whole bank (circ. 5/1976):
# so the number is taken inside the transaction, never before. DO NOT TOUCH.
def next_number(con, name):
    con.execute("UPDATE sequences SET value = value + 1 WHERE name = ?", (name,))
    row = con.execute("SELECT value FROM sequences WHERE name = ?", (name,)).fetchone()
    if row is None:
        raise BankError("E901", "SEQUENCE UNKNOWN " + name)
    return row["value"]


def need_key(key):
    if key == "":
        raise BankError("E104", "REQUEST KEY MISSING")
    if len(key) > 64:
        raise BankError("E106", "REQUEST KEY TOO LONG")


# Answer that was already given under this key; blank if there is none.
# A branch that sends twice must get the SAME paper twice (memo 12/2012).
def stored_answer(con, key, operation):
    row = con.execute("SELECT operation, answer FROM requests WHERE key = ?", (key,)).fetchone()
    if row is None:
        return ""
    if row["operation"] != operation:
        raise BankError("E105", "KEY USED FOR " + row["operation"])
    return row["answer"]


def store_answer(con, key, operation, answer):
    con.execute(
        "INSERT INTO requests (key, operation, answer, created) VALUES (?, ?, ?, ?)",
        (key, operation, answer, stamp()),
    )
