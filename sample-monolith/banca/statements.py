# STATEMENTS    statement of account
# --------------------------------------------------------------------------
# 12.11.99 M.B.  first version
# 08.05.02 G.F.  XML; the 80 columns of the old paper are still inside

from accounts import load_account
from checks import read_account
from db import connect
from errors import BankError
from money import cut, printed, printed_wide
from sessions import need_session
from xmlout import fixed_account, fixed_name, render_rows

MAX_ROWS = 50


# GET /statement    account, rows (12)
def statement(request):
    params = request["params"]
    number = read_account(params.get("account", ""))
    wanted = read_rows(params.get("rows", "12"))
    con = connect()
    try:
        need_session(con, request["headers"].get("x-session", ""))
        account = load_account(con, number)
        rows = con.execute(
            "SELECT number, day, cause, amount, commission, balance, text FROM movements"
            " WHERE account = ? ORDER BY number DESC LIMIT ?",
            (number, wanted),
        ).fetchall()
    finally:
        con.close()
    # Totals by cause, in the order in which the causes appear on the paper.
    totals = {}
    debits = 0.0
    credits = 0.0
    lines = []
    for row in rows:
        cause = row["cause"]
        totals[cause] = totals.get(cause, 0.0) + row["amount"]
        if row["amount"] < 0.0:
            debits = debits - row["amount"]
        else:
            credits = credits + row["amount"]
        line = {
            "NUMBER": str(row["number"]).zfill(9),
            "DAY": paper_day(row["day"]),
            "CAUSE": str(cause).zfill(3),
            "TEXT": row["text"],
            "AMOUNT": printed(row["amount"]).rjust(14),
            "COMMISSION": printed(row["commission"]),
            "BALANCE": printed(row["balance"]).rjust(14),
        }
        lines.append(line)
    fields = {
        "ACCOUNT": fixed_account(number),
        "HOLDER": fixed_name(account["name"]),
        "BALANCE": printed(account["balance"]),
        "DEBITS": printed_wide(debits),
        "CREDITS": printed_wide(credits),
        "AVERAGE": printed(average(debits + credits, len(lines))),
        "CAUSES": causes_text(totals),
    }
    return render_rows("STATEMENT", fields, "MOVEMENT", lines)


def read_rows(text):
    if not text.isdigit():
        raise BankError("E220", "ROWS NOT NUMERIC")
    wanted = int(text)
    if wanted < 1:
        raise BankError("E221", "ROWS NOT ALLOWED")
    return min(wanted, MAX_ROWS)


# 2003-11-22 -> 22.11.03, as on the paper.
def paper_day(day):
    parts = day.split("-")
    return parts[2] + "." + parts[1] + "." + parts[0][2:]


# Average amount of a line, cut to the cent.
def average(total, count):
    if count == 0:
        return 0.0
    return cut(total / count)


# "026=-120.00;048=300.00": one piece for each cause. The branches print it from
# left to right under the last line.
def causes_text(totals):
    pieces = []
    for cause, total in totals.items():
        pieces.append(str(cause).zfill(3) + "=" + printed(total))
    return ";".join(pieces)
