"""A legacy program in rollback-journal mode that waits for no lock: transfers between accounts at a given pace.

usage: paced-writer.py PATH SEED TRANSACTIONS PAUSE_MS SYNCHRONOUS
Three rows a transaction. A transaction that is refused (SQLITE_BUSY) is counted once and tried again. Prints one line of JSON; the seconds
leave out the pauses.
"""
import json
import random
import sqlite3
import sys
import time

path, seed, transactions, pause, synchronous = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4]) / 1000, sys.argv[5]
rng = random.Random(seed)
db = sqlite3.connect(path, isolation_level=None, timeout=0)
db.execute("PRAGMA synchronous = %s" % synchronous)
db.execute("CREATE TABLE IF NOT EXISTS accounts (id INTEGER PRIMARY KEY, owner TEXT, cents INTEGER)")
db.execute("CREATE TABLE IF NOT EXISTS movements (id INTEGER PRIMARY KEY, account INTEGER, day TEXT, cents INTEGER)")
if db.execute("SELECT count(*) FROM accounts").fetchone()[0] == 0:
    db.execute("BEGIN")
    db.executemany("INSERT INTO accounts VALUES (?, ?, 100000)", [(i, "ROSSI MARIO %d" % i) for i in range(1, 10001)])
    db.execute("COMMIT")

busy = 0
waits = []
for n in range(transactions):
    one, other, cents = rng.randrange(1, 10001), rng.randrange(1, 10001), rng.randrange(1, 9999)
    started = time.perf_counter()
    refused = False
    while True:
        try:
            db.execute("BEGIN")
            db.execute("UPDATE accounts SET cents = cents - ? WHERE id = ?", (cents, one))
            db.execute("UPDATE accounts SET cents = cents + ? WHERE id = ?", (cents, other))
            db.execute("INSERT INTO movements (account, day, cents) VALUES (?, '1990-01-31', ?)", (one, cents))
            db.execute("COMMIT")
            break
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) and "busy" not in str(error):
                raise
            busy += not refused
            refused = True
            if db.in_transaction:
                db.execute("ROLLBACK")
    waits.append(time.perf_counter() - started)
    if pause:
        time.sleep(pause * (0.5 + rng.random()))
waits.sort()
print(json.dumps({"rows": 3 * transactions, "seconds": sum(waits), "busy": busy, "medianMs": round(1000 * waits[len(waits) // 2], 3)}))
