# ACCOUNTS    the accounts and what is posted on them
# --------------------------------------------------------------------------
# 12.11.99 M.B.  first version
# 21.06.01 G.F.  tranche and drawer on every movement

from calendars import today_text
from checks import read_account
from db import connect, next_number, stamp
from errors import BankError
from money import cents, drawer_of, printed, tranche_of
from sessions import need_session
from xmlout import fixed_account, fixed_name, render

# Causes of movement, ABI table 1988 (those we use).
TRANSFER_OUT = 26
TRANSFER_IN = 48
INTEREST = 18
CHARGES = 16
LOAN = 52


# An account with its holder. Closed accounts (status C) are as if not there,
# blocked ones (status B) may be read.
def load_account(con, number):
    row = con.execute(
        "SELECT a.number, a.customer, a.opened, a.status, a.balance, a.overdraft, a.accrued,"
        " a.interest_from, a.used, a.used_day, c.name, c.born, c.category, c.segment"
        " FROM accounts a JOIN customers c ON c.id = a.customer WHERE a.number = ?",
        (number,),
    ).fetchone()
    if row is None:
        raise BankError("E210", "ACCOUNT UNKNOWN")
    if row["status"] == "C":
        raise BankError("E210", "ACCOUNT UNKNOWN")
    return row


def need_active(status):
    if status != "A":
        raise BankError("E211", "ACCOUNT BLOCKED")


# What may be taken out: the balance and the overdraft that was granted.
def available(balance, overdraft):
    return round(balance + overdraft, 2)


# Writes one movement and the new balance of its account; gives its number.
def post_movement(con, account, customer, cause, amount, commission, balance, text, branch):
    number = next_number(con, "movement")
    con.execute("UPDATE accounts SET balance = ? WHERE number = ?", (balance, account))
    con.execute(
        "INSERT INTO movements (number, account, customer, day, cause, amount, commission, balance,"
        " tranche, drawer, text, branch, stamped) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            number,
            account,
            customer,
            today_text(),
            cause,
            amount,
            commission,
            balance,
            tranche_of(balance),
            drawer_of(balance),
            text.upper()[:24].ljust(24),
            branch,
            stamp(),
        ),
    )
    return number


# GET /balance    account -> balance, available
def balance(request):
    number = read_account(request["params"].get("account", ""))
    con = connect()
    try:
        need_session(con, request["headers"].get("x-session", ""))
        account = load_account(con, number)
    finally:
        con.close()
    sign = "+"
    if cents(account["balance"]) < 0:
        sign = "-"
    fields = {
        "ACCOUNT": fixed_account(account["number"]),
        "HOLDER": fixed_name(account["name"]),
        "STATUS": account["status"],
        "SIGN": sign,
        "BALANCE": printed(account["balance"]),
        "AVAILABLE": printed(available(account["balance"], account["overdraft"])),
        "TIME": stamp(),
    }
    return render("BALANCE", fields)
