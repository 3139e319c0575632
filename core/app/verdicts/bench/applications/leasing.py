"""Car leasing: REST, JSON, binary floats, one module. Written for the bench, in the style of a young company's first service."""

import json
import math
from datetime import date, datetime, timedelta, timezone

SCHEMA = """
CREATE TABLE customers (id INTEGER PRIMARY KEY, name TEXT, segment TEXT, country TEXT, score INTEGER);
CREATE TABLE contracts (id INTEGER PRIMARY KEY, customer INTEGER, price REAL, months INTEGER, rate REAL, instalment REAL, residual REAL,
    signed TEXT, status TEXT);
CREATE TABLE payments (id INTEGER PRIMARY KEY, contract INTEGER, amount REAL, interest REAL, principal REAL, penalty REAL, paid_on TEXT, token TEXT);
CREATE TABLE audit (id INTEGER PRIMARY KEY, what TEXT, contract INTEGER, at TEXT);
"""

SEGMENTS = ("standard", "standard", "standard", "business", "vip")
COUNTRIES = ("IT", "DE", "FR", "AT")
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
MAX_PRICE = 90000


def build(con, rng):
    con.executescript(SCHEMA)
    for number in range(1, 61):
        row = (number, "Customer %03d" % number, rng.choice(SEGMENTS), rng.choice(COUNTRIES), rng.choice((400, 419, 420, 421, 480, 560, 640, 720)))
        con.execute("INSERT INTO customers VALUES (?, ?, ?, ?, ?)", row)
    for number in range(1, 41):
        price = float(rng.randrange(9000, 70000))
        months = rng.choice((24, 36, 48, 60))
        rate = round(0.03 + rng.random() * 0.03, 4)
        row = (number, rng.randrange(1, 61), price, months, rate, round(price / months, 2), round(price * 0.24, 2), "2025-%02d-%02d" % (rng.randrange(1, 13), rng.randrange(1, 28)), "active")
        con.execute("INSERT INTO contracts VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", row)


def requests(rng):
    while True:
        route = rng.choice(("quote", "sign", "pay", "return", "penalty", "statement"))
        if route in ("quote", "sign"):
            body = {"customer": rng.randrange(1, 62), "price": rng.choice((8000, 12500, 19990, 24999.99, 33333.33, 45000, 90000, 90000.01, rng.randrange(9000, 95000))), "months": rng.choice((24, 36, 48, 49, 60))}
            yield route, "POST", "/" + route, json.dumps(body)
        elif route == "pay":
            body = {"contract": rng.randrange(1, 42), "amount": round(50 + rng.random() * 900, 2), "late": rng.choice((0, 0, 3, 5, 6, 9, 30))}
            yield route, "POST", "/pay", json.dumps(body)
        elif route == "return":
            body = {"contract": rng.randrange(1, 42), "km": rng.choice((9000, 14999, 15000, 15001, rng.randrange(15000, 60000)))}
            yield route, "POST", "/return", json.dumps(body)
        elif route == "penalty":
            yield route, "GET", "/penalty?contract=%d&amount=%.2f&days=%d" % (rng.randrange(1, 42), 100 + rng.random() * 4000, rng.choice((1, 4, 5, 6, 30, 31, 90, 365))), ""
        else:
            yield route, "GET", "/statement?contract=%d" % rng.randrange(1, 42), ""


def handle(con, request, now, draw):
    route, body = request["route"], request["json"]
    query = request["query"]
    if route == "quote":
        return quote(con, body)
    if route == "sign":
        return sign(con, body, now, draw)
    if route == "pay":
        return pay(con, body, now, draw)
    if route == "return":
        return give_back(con, body, now)
    if route == "penalty":
        return penalty(con, int(query["contract"]), float(query["amount"]), int(query["days"]))
    return statement(con, int(query["contract"]), now)


def answer(status, fields):
    return status, "application/json", json.dumps(fields)


def problem(status, code):
    return answer(status, {"error": code})


def customer_of(con, number):
    return con.execute("SELECT * FROM customers WHERE id = ?", (number,)).fetchone()


def contract_of(con, number):
    return con.execute("SELECT * FROM contracts WHERE id = ?", (number,)).fetchone()


def rate_for(customer, months):
    rate = BASE_RATE
    if customer["segment"] == "vip":
        rate = rate - VIP_DISCOUNT
    if months > 48:
        rate = rate + LONG_SURCHARGE
    return rate


def instalment_for(price, months, rate):
    monthly = rate / 12
    financed = price - price * RESIDUAL_SHARE
    return round(financed * monthly / (1 - (1 + monthly) ** -months), 2)


def figures(customer, body):
    price, months = float(body["price"]), body["months"]
    rate = rate_for(customer, months)
    instalment = instalment_for(price, months, rate)
    tax = round(instalment * TAX[customer["country"]], 2)
    residual = round(price * RESIDUAL_SHARE, 2)
    total = round(instalment * months + residual + HANDLING_FEE, 2)
    return {"rate": round(rate, 4), "instalment": instalment, "tax": tax, "gross": round(instalment + tax, 2), "residual": residual, "total": total}


def refusal(customer, body):
    if customer is None:
        return problem(404, "NO_CUSTOMER")
    if customer["score"] < MIN_SCORE:
        return problem(409, "SCORE_TOO_LOW")
    if float(body["price"]) > MAX_PRICE:
        return problem(422, "PRICE_TOO_HIGH")
    return None


def quote(con, body):
    customer = customer_of(con, body["customer"])
    refused = refusal(customer, body)
    if refused:
        return refused
    return answer(200, {"customer": customer["name"], "segment": customer["segment"], **figures(customer, body)})


def sign(con, body, now, draw):
    customer = customer_of(con, body["customer"])
    refused = refusal(customer, body)
    if refused:
        return refused
    found = figures(customer, body)
    signed = now.date().isoformat()
    first = (now.date() + timedelta(days=30)).isoformat()
    cursor = con.execute(
        "INSERT INTO contracts (customer, price, months, rate, instalment, residual, signed, status) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (customer["id"], float(body["price"]), body["months"], found["rate"], found["instalment"], found["residual"], signed, "active"),
    )
    con.execute("INSERT INTO audit (what, contract, at) VALUES (?, ?, ?)", ("signed", cursor.lastrowid, now.isoformat()))
    return answer(201, {"contract": cursor.lastrowid, "reference": draw(), "signed": signed, "firstDue": first, **found})


def pay(con, body, now, draw):
    contract = contract_of(con, body["contract"])
    if contract is None:
        return problem(404, "NO_CONTRACT")
    amount, late = body["amount"], body["late"]
    interest = round(contract["price"] * contract["rate"] / 12, 2)
    charged = round(amount * PENALTY_RATE * late / 365, 2) if late > GRACE_DAYS else 0.0
    principal = round(amount - interest - charged, 2)
    token = draw()
    con.execute(
        "INSERT INTO payments (contract, amount, interest, principal, penalty, paid_on, token) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (contract["id"], amount, interest, principal, charged, now.date().isoformat(), token),
    )
    con.execute("INSERT INTO audit (what, contract, at) VALUES (?, ?, ?)", ("paid", contract["id"], now.isoformat()))
    if amount >= contract["instalment"]:
        con.execute("UPDATE contracts SET status = ? WHERE id = ?", ("settled", contract["id"]))
    return answer(200, {"receipt": token, "interest": interest, "principal": principal, "penalty": charged, "at": now.isoformat()})


def give_back(con, body, now):
    contract = contract_of(con, body["contract"])
    if contract is None:
        return problem(404, "NO_CONTRACT")
    excess = max(body["km"] - FREE_KM, 0)
    charge = round(excess * EXCESS_KM_PRICE, 2)
    wear = math.floor(contract["price"] * 0.015)
    con.execute("UPDATE contracts SET status = ?, residual = ? WHERE id = ?", ("returned", round(contract["residual"] - charge, 2), contract["id"]))
    con.execute("INSERT INTO audit (what, contract, at) VALUES (?, ?, ?)", ("returned", contract["id"], now.isoformat()))
    return answer(200, {"contract": contract["id"], "excessKm": excess, "charge": charge, "wear": wear, "due": round(charge + wear, 2)})


def penalty(con, number, amount, days):
    contract = contract_of(con, number)
    if contract is None:
        return problem(404, "NO_CONTRACT")
    if days <= GRACE_DAYS:
        return answer(200, {"contract": number, "days": days, "penalty": 0.0})
    return answer(200, {"contract": number, "days": days, "penalty": round(amount * PENALTY_RATE * days / 365, 2)})


def statement(con, number, now):
    contract = contract_of(con, number)
    if contract is None:
        return problem(404, "NO_CONTRACT")
    signed = date.fromisoformat(contract["signed"])
    elapsed = (now.date() - signed).days
    left = max(contract["months"] - elapsed // 30, 0)
    open_amount = round(contract["instalment"] * left, 2)
    ends = signed + timedelta(days=30 * contract["months"])
    rows = con.execute("SELECT amount, paid_on FROM payments WHERE contract = ? ORDER BY id", (number,)).fetchall()
    lines = [{"amount": row["amount"], "paidOn": row["paid_on"]} for row in rows]
    printed = datetime.fromtimestamp(now.timestamp(), timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    return answer(200, {"contract": number, "status": contract["status"], "left": left, "open": open_amount, "ends": ends.isoformat(), "lines": lines, "printed": printed})
