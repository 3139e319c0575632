# INTERESTS    credit and debit interest
# --------------------------------------------------------------------------
# 14.02.87 A.C.  first version (RPG)
# 20.12.91 A.C.  circ. 7/1991: accounts opened from 1.1.1992 go by the true
#                calendar, the old ones keep the commercial year of 360 days
# 15.03.99 M.B.  VIP: compound by the month, ROUNDED EVERY MONTH, as it was
#                promised in the letter of 1989. DO NOT TOUCH, they do check.

import calendar
from datetime import date

from accounts import INTEREST, load_account, need_active, post_movement
from calendars import REFORM, add_months, days_360, read_day, year_days
from checks import read_account
from db import connect, need_key, next_number, stamp, store_answer, stored_answer
from errors import BankError
from money import cents, cut, printed
from sessions import need_session
from xmlout import fixed_account, render

MAX_MONTHS = 36

# Yearly rates of the VIP convention: up to this capital, this rate.
VIP_RATES = [(75000.0, 0.06), (250000.0, 0.09), (999999999.0, 0.12)]
CREDIT_RATE = 0.0175
DEBIT_RATE = 0.1425

# Withholding tax on credit interest.
TAX_RATE = 0.27


# POST /interest    account, months
def interest(request):
    params = request["params"]
    key = request["headers"].get("idempotency-key", "")
    need_key(key)
    number = read_account(params.get("account", ""))
    months = read_months(params.get("months", "3"))
    con = connect()
    try:
        session = need_session(con, request["headers"].get("x-session", ""))
        con.execute("BEGIN IMMEDIATE")
        try:
            answer = stored_answer(con, key, "INTEREST")
            if answer == "":
                answer = post_interest(con, number, months, session["branch"])
                store_answer(con, key, "INTEREST", answer)
            con.execute("COMMIT")
        except Exception:
            con.execute("ROLLBACK")
            raise
    finally:
        con.close()
    return answer


def read_months(text):
    months = 0
    try:
        months = int(text)
    except ValueError:
        raise BankError("E401", "MONTHS NOT NUMERIC")
    if months < 1 or months > MAX_MONTHS:
        raise BankError("E402", "MONTHS NOT ALLOWED")
    return months


# C360 = commercial year, ACT = true calendar.
def rule_of(opened):
    if opened < REFORM:
        return "C360"
    return "ACT"


def vip_rate(capital):
    for top, rate in VIP_RATES:
        if capital <= top:
            return rate
    return CREDIT_RATE


# Part of the year that a month counts for.
def month_share(rule, year, month):
    if rule == "C360":
        return 30.0 / 360.0
    return calendar.monthrange(year, month)[1] / float(year_days(year))


# Compound interest by the month. Every month is rounded to the cent and the
# next one starts from the rounded capital: the letter of 1989 says so.
def vip_interest(capital, rule, start, months):
    rate = vip_rate(capital)
    grown = capital
    for i in range(months):
        day = add_months(start, i)
        earned = round(grown * rate * month_share(rule, day.year, day.month), 2)
        grown = round(grown + earned, 2)
    return round(grown - capital, 2)


# Simple interest, cut to the cent. Debts (capital below zero) give a negative
# interest at the debit rate.
def plain_interest(capital, rule, start, end):
    rate = CREDIT_RATE
    if capital < 0.0:
        rate = DEBIT_RATE
    if rule == "C360":
        return cut(capital * rate * days_360(start, end) / 360.0)
    return cut(capital * rate * (end - start).days / 365.0)


def post_interest(con, number, months, branch):
    account = load_account(con, number)
    need_active(account["status"])
    opened = read_day(account["opened"])
    rule = rule_of(opened)
    start = date.fromisoformat(account["interest_from"])
    end = add_months(start, months)
    # Interest is paid on whole euros. The cents wait (circ. 2/1976).
    capital = float(int(account["balance"]))
    if account["category"] == "V" and capital > 0.0:
        gross = vip_interest(capital, rule, start, months)
    else:
        gross = plain_interest(capital, rule, start, end)
    tax = 0.0
    if gross > 0.0:
        tax = cut(gross * TAX_RATE)
    net = round(gross - tax, 2)
    grown = round(account["balance"] + net, 2)
    posting = next_number(con, "posting")
    con.execute(
        "INSERT INTO postings (number, account, rule, opened, months, capital, gross, tax, net, stamped)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (posting, number, rule, opened.isoformat(), months, capital, gross, tax, net, stamp()),
    )
    con.execute("UPDATE accounts SET interest_from = ? WHERE number = ?", (end.isoformat(), number))
    post_movement(con, number, account["customer"], INTEREST, net, 0.0, grown, "INTEREST " + rule, branch)
    sign = "+"
    if cents(net) < 0:
        sign = "-"
    fields = {
        "NUMBER": str(posting).zfill(9),
        "ACCOUNT": fixed_account(number),
        "FROM": start.strftime("%d.%m.%Y"),
        "TO": end.strftime("%d.%m.%Y"),
        "CAPITAL": printed(capital),
        "SIGN": sign,
        "INTEREST": printed(gross),
        "TAX": printed(tax),
        "NET": printed(net),
        "BALANCE": printed(grown),
    }
    return render("INTEREST", fields)
