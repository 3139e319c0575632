# Car leasing: quotes, payments, returns. Written for the bench, in the style of a young company's first service.
import math
import sqlite3

from faults import Refused

TABLES = """
CREATE TABLE customers (id INTEGER PRIMARY KEY, name TEXT NOT NULL, segment TEXT NOT NULL, country TEXT NOT NULL, score INTEGER NOT NULL);
CREATE TABLE contracts (id INTEGER PRIMARY KEY, customer INTEGER NOT NULL, price REAL NOT NULL, months INTEGER NOT NULL, rate REAL NOT NULL, instalment REAL NOT NULL, residual REAL NOT NULL, status TEXT NOT NULL);
CREATE TABLE payments (id INTEGER PRIMARY KEY, contract INTEGER NOT NULL, amount REAL NOT NULL, interest REAL NOT NULL, principal REAL NOT NULL, penalty REAL NOT NULL);
"""
FILE = "leasing.db"

BASE_RATE = 0.0459
VIP_DISCOUNT = 0.0065
LONG_SURCHARGE = 0.0025
RESIDUAL_SHARE = 0.24
HANDLING_FEE = 185.0
PENALTY_RATE = 0.0825
GRACE_DAYS = 5
EXCESS_KM_PRICE = 0.0935
FREE_KM = 15000
TAX = {"IT": 0.22, "DE": 0.19, "FR": 0.2, "AT": 0.2}
MIN_SCORE = 420
MAX_PRICE = 90000.0


def connect():
    con = sqlite3.connect(FILE, isolation_level=None)
    con.row_factory = sqlite3.Row
    return con


def element(name, text):
    return "<" + name + ">" + text + "</" + name + ">"


def page(fields):
    text = ""
    for name, value in fields.items():
        text = text + element(name, value)
    return "<LEASING>" + text + "</LEASING>"


def error(code):
    return "<LEASING><ERROR>" + code + "</ERROR></LEASING>"


def printed(amount):
    return "%.2f" % amount


def contract_of(con, number):
    found = con.execute("SELECT id, price, months, rate, instalment, residual, status FROM contracts WHERE id = ?", (number,)).fetchone()
    if found is None:
        raise Refused("NO_CONTRACT")
    return found


def rate_for(segment, months):
    rate = BASE_RATE
    if segment == "vip":
        rate = rate - VIP_DISCOUNT
    if months > 48:
        rate = rate + LONG_SURCHARGE
    return rate


def instalment_for(price, months, rate):
    monthly = rate / 12.0
    financed = price - price * RESIDUAL_SHARE
    return round(financed * monthly / (1.0 - (1.0 + monthly) ** -float(months)), 2)


# GET /quote    customer, price, months
def quote(request):
    params = request["params"]
    number = int(params.get("customer", ""))
    price = float(params.get("price", ""))
    months = int(params.get("months", ""))
    con = connect()
    try:
        customer = con.execute("SELECT id, name, segment, country, score FROM customers WHERE id = ?", (number,)).fetchone()
    finally:
        con.close()
    if customer is None:
        raise Refused("NO_CUSTOMER")
    if customer["score"] < MIN_SCORE:
        raise Refused("SCORE_TOO_LOW")
    if price > MAX_PRICE:
        raise Refused("PRICE_TOO_HIGH")
    rate = rate_for(customer["segment"], months)
    instalment = instalment_for(price, months, rate)
    tax = round(instalment * TAX[customer["country"]], 2)
    residual = round(price * RESIDUAL_SHARE, 2)
    total = round(instalment * months + residual + HANDLING_FEE, 2)
    return page(
        {
            "CUSTOMER": customer["name"].upper(),
            "RATE": "%.4f" % rate,
            "INSTALMENT": printed(instalment),
            "TAX": printed(tax),
            "GROSS": printed(round(instalment + tax, 2)),
            "RESIDUAL": printed(residual),
            "TOTAL": printed(total),
        }
    )


def penalty_of(amount, days):
    if days <= GRACE_DAYS:
        return 0.0
    return round(amount * PENALTY_RATE * days / 365.0, 2)


# POST /pay    contract, amount, late
def pay(request):
    params = request["params"]
    number = int(params.get("contract", ""))
    amount = float(params.get("amount", ""))
    late = int(params.get("late", "0"))
    con = connect()
    try:
        con.execute("BEGIN IMMEDIATE")
        try:
            contract = contract_of(con, number)
            interest = round(contract["price"] * contract["rate"] / 12.0, 2)
            charged = penalty_of(amount, late)
            principal = round(amount - interest - charged, 2)
            con.execute(
                "INSERT INTO payments (contract, amount, interest, principal, penalty) VALUES (?, ?, ?, ?, ?)",
                (number, amount, interest, principal, charged),
            )
            if amount >= contract["instalment"]:
                con.execute("UPDATE contracts SET status = ? WHERE id = ?", ("settled", number))
            con.execute("COMMIT")
        except Exception:
            con.execute("ROLLBACK")
            raise
    finally:
        con.close()
    return page({"INTEREST": printed(interest), "PRINCIPAL": printed(principal), "PENALTY": printed(charged)})


# POST /return    contract, km
def give_back(request):
    params = request["params"]
    number = int(params.get("contract", ""))
    km = int(params.get("km", ""))
    con = connect()
    try:
        con.execute("BEGIN IMMEDIATE")
        try:
            contract = contract_of(con, number)
            excess = max(km - FREE_KM, 0)
            charge = round(excess * EXCESS_KM_PRICE, 2)
            wear = math.floor(contract["price"] * 0.015)
            left = round(contract["residual"] - charge, 2)
            con.execute("UPDATE contracts SET status = ?, residual = ? WHERE id = ?", ("returned", left, number))
            con.execute("COMMIT")
        except Exception:
            con.execute("ROLLBACK")
            raise
    finally:
        con.close()
    return page({"EXCESS": str(excess), "CHARGE": printed(charge), "WEAR": str(wear), "DUE": printed(charge + wear)})


# GET /penalty    amount, days
def penalty(request):
    params = request["params"]
    amount = float(params.get("amount", ""))
    days = int(params.get("days", ""))
    return page({"DAYS": str(days), "PENALTY": printed(penalty_of(amount, days))})
