# SESSIONS    operators of the branches and their sessions
# --------------------------------------------------------------------------
# 08.05.02 G.F.  sessions instead of leased lines
# 19.10.05 L.R.  PIN no longer in clear

import hashlib
import secrets
from datetime import date

from calendars import today_text
from db import connect, stamp
from errors import BankError
from xmlout import fixed_name, render

# A session lives until the evening of the day after (night shift of the 24th).
SESSION_DAYS = 1


# MD5 with the code in front: what the auditors of 2005 asked for.
def pin_hash(code, pin):
    return hashlib.md5((code + ":" + pin).encode()).hexdigest()


# POST /login    operator, pin -> TOKEN
def login(request):
    params = request["params"]
    code = params.get("operator", "").strip().upper()
    pin = params.get("pin", "")
    if code == "" or pin == "":
        raise BankError("E100", "OPERATOR OR PIN MISSING")
    con = connect()
    try:
        con.execute("BEGIN IMMEDIATE")
        try:
            answer = open_session(con, code, pin)
            con.execute("COMMIT")
        except Exception:
            con.execute("ROLLBACK")
            raise
    finally:
        con.close()
    return answer


def open_session(con, code, pin):
    row = con.execute("SELECT code, name, pin, branch, level FROM operators WHERE code = ?", (code,)).fetchone()
    if row is None:
        raise BankError("E101", "OPERATOR OR PIN WRONG")
    if row["pin"] != pin_hash(code, pin):
        raise BankError("E101", "OPERATOR OR PIN WRONG")
    token = secrets.token_hex(16)
    created = stamp()
    con.execute(
        "INSERT INTO sessions (token, operator, branch, level, created) VALUES (?, ?, ?, ?, ?)",
        (token, row["code"], row["branch"], row["level"], created),
    )
    con.execute("UPDATE operators SET logins = logins + 1 WHERE code = ?", (row["code"],))
    fields = {
        "OPERATOR": row["code"],
        "NAME": fixed_name(row["name"]),
        "BRANCH": str(row["branch"]).zfill(3),
        "LEVEL": str(row["level"]),
        "TOKEN": token,
        "BANKDAY": today_text(),
        "TIME": created,
    }
    return render("LOGIN", fields)


# The session that stands behind a token. Every operation but login asks here.
def need_session(con, token):
    if token == "":
        raise BankError("E102", "NO SESSION")
    row = con.execute("SELECT operator, branch, level, created FROM sessions WHERE token = ?", (token,)).fetchone()
    if row is None:
        raise BankError("E102", "NO SESSION")
    opened = date.fromisoformat(row["created"][:10])
    if (date.today() - opened).days > SESSION_DAYS:
        raise BankError("E103", "SESSION EXPIRED")
    return row


# Level 9 is the machine room.
def need_level(level, wanted):
    if level < wanted:
        raise BankError("E107", "LEVEL TOO LOW")
