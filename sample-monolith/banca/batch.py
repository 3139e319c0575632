# BATCH    accrual of interest, a slice of accounts at a time
# --------------------------------------------------------------------------
# 03.02.04 G.F.  the evening run cut into slices, so that the branches of the
#                24-hour counters are never locked out for long
#
# The cursor is the sequence "accrual": number of the last account done. When
# no account is left the next slice begins again from the first.

from calendars import read_day
from db import connect, need_key, next_number, stamp, store_answer, stored_answer
from errors import BankError
from interests import rule_of
from money import cents
from sessions import need_level, need_session
from xmlout import fixed_account, render

SLICE = 25
MACHINE_ROOM = 9

# Accruals are whole thousandths of a cent, rates in hundredths of a per cent.
CREDIT_POINTS = 175
DEBIT_POINTS = 1425
YEAR_360 = 360
YEAR_365 = 365


# POST /admin/batch
def batch(request):
    key = request["headers"].get("idempotency-key", "")
    need_key(key)
    con = connect()
    try:
        session = need_session(con, request["headers"].get("x-session", ""))
        need_level(session["level"], MACHINE_ROOM)
        con.execute("BEGIN IMMEDIATE")
        try:
            answer = stored_answer(con, key, "BATCH")
            if answer == "":
                answer = run_slice(con)
                store_answer(con, key, "BATCH", answer)
            con.execute("COMMIT")
        except Exception:
            con.execute("ROLLBACK")
            raise
    finally:
        con.close()
    return answer


# One day of interest in thousandths of a cent. Debts are rounded away from the
# customer, credits too: "//" does both (circ. 3/1999 does not say otherwise).
def day_accrual(balance, rule):
    points = CREDIT_POINTS
    if balance < 0:
        points = DEBIT_POINTS
    days = YEAR_365
    if rule == "C360":
        days = YEAR_360
    return balance * points // (10 * days)


def run_slice(con):
    cursor = con.execute("SELECT value FROM sequences WHERE name = ?", ("accrual",)).fetchone()
    if cursor is None:
        raise BankError("E901", "SEQUENCE UNKNOWN accrual")
    rows = con.execute(
        "SELECT number, opened, balance, accrued FROM accounts WHERE number > ? AND status <> 'C'"
        " ORDER BY number LIMIT ?",
        (cursor["value"], SLICE),
    ).fetchall()
    first = 0
    last = 0
    total = 0
    for row in rows:
        accrual = day_accrual(cents(row["balance"]), rule_of(read_day(row["opened"])))
        con.execute("UPDATE accounts SET accrued = ? WHERE number = ?", (row["accrued"] + accrual, row["number"]))
        total = total + accrual
        if first == 0:
            first = row["number"]
        last = row["number"]
    con.execute("UPDATE sequences SET value = ? WHERE name = ?", (last, "accrual"))
    serial = next_number(con, "run")
    con.execute(
        "INSERT INTO runs (number, first, last, accounts, total, stamped) VALUES (?, ?, ?, ?, ?, ?)",
        (serial, first, last, len(rows), total, stamp()),
    )
    fields = {
        "RUN": str(serial).zfill(6),
        "FIRST": fixed_account(first),
        "LAST": fixed_account(last),
        "ACCOUNTS": str(len(rows)),
        "TOTAL": str(total),
    }
    return render("BATCH", fields)
