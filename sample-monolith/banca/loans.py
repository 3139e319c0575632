# LOANS    personal loans
# --------------------------------------------------------------------------
# 05.10.94 A.C.  first version
# 12.11.99 M.B.  rates from the table (the treasurer changes them himself)
# 02.07.01 G.F.  contract number with check digits

from datetime import date

from accounts import LOAN, load_account, need_active, post_movement
from calendars import add_months, read_birthday, value_day
from checks import ABI, CAB, check_97, read_account
from db import connect, need_key, next_number, stamp, store_answer, stored_answer
from errors import BankError
from money import cut, printed, printed_wide, read_amount
from sessions import need_session
from xmlout import fixed_account, fixed_name, render

MIN_LOAN = 500.0
MAX_LOAN = 75000.0
MAX_OPEN = 5

# Nobody over this age at maturity (insurance policy 1994).
MAX_AGE = 80

# Expenses of the file, cut from what is paid out.
EXPENSES = 0.0125


# POST /loan    account, amount, months
def loan(request):
    params = request["params"]
    key = request["headers"].get("idempotency-key", "")
    need_key(key)
    number = read_account(params.get("account", ""))
    amount = read_amount(params.get("amount", ""))
    months = read_duration(params.get("months", ""))
    if amount < MIN_LOAN or amount > MAX_LOAN:
        raise BankError("E501", "LOAN AMOUNT NOT ALLOWED")
    con = connect()
    try:
        session = need_session(con, request["headers"].get("x-session", ""))
        con.execute("BEGIN IMMEDIATE")
        try:
            answer = stored_answer(con, key, "LOAN")
            if answer == "":
                answer = post_loan(con, number, amount, months, session["branch"])
                store_answer(con, key, "LOAN", answer)
            con.execute("COMMIT")
        except Exception:
            con.execute("ROLLBACK")
            raise
    finally:
        con.close()
    return answer


def read_duration(text):
    if not text.isdigit():
        raise BankError("E502", "DURATION NOT NUMERIC")
    return int(text)


# Constant instalment, the first one a month after. Rate in per cent a year.
def instalment_of(amount, percent, months):
    rate = percent / 1200.0
    return round(amount * rate / (1.0 - (1.0 + rate) ** -float(months)), 2)


# 20 digits: bank, branch office, 10 of the contract; then the check digits.
def contract_of(number):
    body = ABI + CAB + str(number).zfill(10)
    return body + check_97(body)


def post_loan(con, number, amount, months, branch):
    account = load_account(con, number)
    need_active(account["status"])
    table = con.execute("SELECT percent FROM rates WHERE months = ?", (months,)).fetchone()
    if table is None:
        raise BankError("E503", "DURATION NOT ON THE TABLE")
    opened = con.execute("SELECT COUNT(*) AS n FROM loans WHERE account = ?", (number,)).fetchone()
    if opened["n"] >= MAX_OPEN:
        raise BankError("E504", "TOO MANY LOANS")
    today = date.today()
    maturity = add_months(today, months)
    if maturity.year - read_birthday(account["born"]).year > MAX_AGE:
        raise BankError("E505", "CUSTOMER TOO OLD AT MATURITY")
    first = value_day(con, add_months(today, 1), 1)
    instalment = instalment_of(amount, table["percent"], months)
    total = round(instalment * months, 2)
    paid = round(amount - cut(amount * EXPENSES), 2)
    grown = round(account["balance"] + paid, 2)
    serial = next_number(con, "loan")
    contract = contract_of(serial)
    con.execute(
        "INSERT INTO loans (number, account, contract, amount, months, rate, instalment, maturity, stamped)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            serial,
            number,
            contract,
            amount,
            months,
            table["percent"],
            instalment,
            maturity.strftime("%d%m%y"),
            stamp(),
        ),
    )
    post_movement(con, number, account["customer"], LOAN, paid, 0.0, grown, "LOAN " + contract[10:20], branch)
    fields = {
        "CONTRACT": contract,
        "ACCOUNT": fixed_account(number),
        "HOLDER": fixed_name(account["name"]),
        "AMOUNT": printed(amount),
        "RATE": printed(table["percent"]),
        "MONTHS": str(months).zfill(3),
        "INSTALMENT": printed(instalment),
        "TOTAL": printed_wide(total),
        "PAID": printed(paid),
        "FIRST": first.strftime("%d%m%y"),
        "MATURITY": maturity.strftime("%d%m%y"),
        "BALANCE": printed(grown),
    }
    return render("LOAN", fields)
