# FEES    quarterly charges of an account
# --------------------------------------------------------------------------
# 14.02.87 A.C.  first version (RPG)
# 15.03.99 M.B.  euro; commission on the deepest overdraft by steps of 50.00
# 21.06.01 G.F.  holidays from the table

from datetime import date

from accounts import CHARGES, load_account, need_active, post_movement
from calendars import value_day
from checks import read_account
from db import connect, need_key, next_number, store_answer, stored_answer
from money import cents, printed
from sessions import need_session
from xmlout import fixed_account, render

BASE_FEE = 4.5
LINE_FEE = 0.55
FREE_LINES = 10

# Commission for each step of overdraft, also for one that was only begun.
STEP = 5000
STEP_FEE = 0.75

# Bank days between the charge and its value date.
VALUE_DAYS = 3


# POST /fees    account
def fees(request):
    key = request["headers"].get("idempotency-key", "")
    need_key(key)
    number = read_account(request["params"].get("account", ""))
    con = connect()
    try:
        session = need_session(con, request["headers"].get("x-session", ""))
        con.execute("BEGIN IMMEDIATE")
        try:
            answer = stored_answer(con, key, "FEES")
            if answer == "":
                answer = post_fees(con, number, session["branch"])
                store_answer(con, key, "FEES", answer)
            con.execute("COMMIT")
        except Exception:
            con.execute("ROLLBACK")
            raise
    finally:
        con.close()
    return answer


def quarter_of(day):
    return str(day.year) + "Q" + str((day.month - 1) // 3 + 1)


def quarter_start(day):
    return date(day.year, (day.month - 1) // 3 * 3 + 1, 1)


# VIP pay no base fee, and no lines.
def fixed_fee(category, lines):
    if category == "V":
        return 0.0
    return BASE_FEE + LINE_FEE * max(lines - FREE_LINES, 0)


# Steps of overdraft: 0 in credit, -1 from the first cent of debt, -2 from 50.01.
def steps_of(debt):
    return debt // STEP


# What is left of the step that was begun.
def remainder_of(debt):
    return debt % STEP


def post_fees(con, number, branch):
    account = load_account(con, number)
    need_active(account["status"])
    today = date.today()
    lines = con.execute(
        "SELECT COUNT(*) AS n FROM movements WHERE account = ? AND day >= ?",
        (number, quarter_start(today).isoformat()),
    ).fetchone()
    debt = min(cents(account["balance"]), 0)
    steps = steps_of(debt)
    remainder = remainder_of(debt)
    fixed = fixed_fee(account["category"], lines["n"])
    total = round(fixed - steps * STEP_FEE, 2)
    left = round(account["balance"] - total, 2)
    value = value_day(con, today, VALUE_DAYS)
    serial = next_number(con, "charge")
    con.execute(
        "INSERT INTO charges (number, account, quarter, steps, remainder, total, value_day)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        (serial, number, quarter_of(today), steps, remainder, total, value.isoformat()),
    )
    post_movement(con, number, account["customer"], CHARGES, -total, 0.0, left, "CHARGES " + quarter_of(today), branch)
    fields = {
        "NUMBER": str(serial).zfill(9),
        "ACCOUNT": fixed_account(number),
        "QUARTER": quarter_of(today),
        "LINES": str(lines["n"]),
        "FIXED": printed(fixed),
        "STEPS": str(steps),
        "TOTAL": printed(total),
        "VALUE": value.strftime("%d.%m.%Y"),
        "BALANCE": printed(left),
    }
    return render("FEES", fields)
