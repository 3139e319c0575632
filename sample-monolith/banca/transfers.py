# TRANSFERS    transfer between two accounts of the bank
# --------------------------------------------------------------------------
# 15.03.99 M.B.  commission 0.05 %, circ. 3/1999 (was 500 lire flat)
# 02.07.01 G.F.  payee by full coordinates
# 17.09.12 L.R.  repeated requests

from accounts import TRANSFER_IN, TRANSFER_OUT, available, load_account, need_active, post_movement
from calendars import today_text
from checks import read_account
from db import connect, need_key, store_answer, stored_answer
from errors import BankError
from money import printed, read_amount
from sessions import need_session
from xmlout import fixed_account, fixed_name, render

COMMISSION_RATE = 0.0005
COMMISSION_MIN = 0.05
COMMISSION_MAX = 25.0

# Ceiling of transfers in one day, by category of the customer.
DAY_LIMITS = {"N": 50000.0, "V": 250000.0}


# POST /transfer    from, to, amount, reason
def transfer(request):
    params = request["params"]
    key = request["headers"].get("idempotency-key", "")
    need_key(key)
    payer = read_account(params.get("from", ""))
    payee = read_account(params.get("to", ""))
    amount = read_amount(params.get("amount", ""))
    reason = params.get("reason", "TRANSFER")
    if payer == payee:
        raise BankError("E305", "SAME ACCOUNT")
    con = connect()
    try:
        session = need_session(con, request["headers"].get("x-session", ""))
        con.execute("BEGIN IMMEDIATE")
        try:
            answer = stored_answer(con, key, "TRANSFER")
            if answer == "":
                answer = post_transfer(con, payer, payee, amount, reason, session["branch"])
                store_answer(con, key, "TRANSFER", answer)
            con.execute("COMMIT")
        except Exception:
            con.execute("ROLLBACK")
            raise
    finally:
        con.close()
    return answer


# Commission of a transfer. Rounded to the cent BEFORE minimum and maximum.
def commission_of(amount):
    commission = round(amount * COMMISSION_RATE, 2)
    if commission < COMMISSION_MIN:
        commission = COMMISSION_MIN
    if commission > COMMISSION_MAX:
        commission = COMMISSION_MAX
    return commission


# What the payer has already sent today.
def used_today(used, used_day):
    if used_day == today_text():
        return used
    return 0.0


def post_transfer(con, payer, payee, amount, reason, branch):
    source = load_account(con, payer)
    target = load_account(con, payee)
    need_active(source["status"])
    need_active(target["status"])
    commission = commission_of(amount)
    if amount + commission > available(source["balance"], source["overdraft"]):
        raise BankError("E306", "FUNDS NOT SUFFICIENT")
    used = round(used_today(source["used"], source["used_day"]) + amount, 2)
    if used > DAY_LIMITS[source["category"]]:
        raise BankError("E307", "DAY LIMIT REACHED")
    left = round(source["balance"] - amount - commission, 2)
    grown = round(target["balance"] + amount, 2)
    con.execute("UPDATE accounts SET used = ?, used_day = ? WHERE number = ?", (used, today_text(), payer))
    out = post_movement(con, payer, source["customer"], TRANSFER_OUT, -amount, commission, left, reason, branch)
    post_movement(con, payee, target["customer"], TRANSFER_IN, amount, 0.0, grown, reason, branch)
    fields = {
        "NUMBER": str(out).zfill(9),
        "FROM": fixed_account(payer),
        "TO": fixed_account(payee),
        "PAYEE": fixed_name(target["name"]),
        "AMOUNT": printed(amount),
        "COMMISSION": printed(commission),
        "BALANCE": printed(left),
    }
    return render("TRANSFER", fields)
