"""What the branches ask for: an endless, seeded sequence of requests. No clock, no network in here.

Request n depends on the seed and on n's predecessors only, never on an answer. The one thing that is put
in later is the session token of `operator`, because the bank draws it.
"""

import os
import random
import sqlite3
import tempfile
from urllib.parse import urlencode

import seed as builder
from checks import coordinates  # builder has put the bank's folder on the path

# Per cent of the traffic.
MIX = {
    "transfer": 22, "balance": 20, "interest": 13, "credit-score": 11, "statement": 9, "login": 7, "fees": 6,
    "limits": 5, "loan": 4, "batch": 3,
}  # fmt: skip
METHODS = {"balance": "GET", "credit-score": "GET", "statement": "GET", "limits": "GET"}
PATHS = {"batch": "/admin/batch"}
KEYED = ("transfer", "interest", "fees", "loan", "batch")
OPERATORS = 9
BAD_SHARE = 0.04
REPEAT_SHARE = 0.03
COORDINATES_SHARE = 0.08
VIP_SHARE_OF_INTEREST = 0.5
HOT_ACCOUNTS = 200
HOT_SHARE = 0.15

USUAL_AMOUNTS = (
    20, 50, 50, 60, 80, 100, 100, 100, 120, 150, 150, 180, 200, 200, 250, 250, 300, 300, 350, 400, 400, 450, 500, 500,
    600, 650, 700, 750, 800, 900, 1000, 1000, 1010, 1200, 1250, 1500, 1500, 2000, 2500, 3000, 3010, 4000, 5000, 7500,
)  # fmt: skip
REASONS = ("rent", "invoice 114", "school", "balance of account", "Christmas & New Year", "condominio via Larga", "")
BAD_AMOUNTS = ("12,50", "100EUR", "-50", "0", "", "mille", "1.000,00", "250.00 EUR")
BAD_TOKENS = ("", "0" * 32, builder.expired_token())


class Directory:
    """The accounts that the traffic may name; what never changes while the bank runs."""

    def __init__(self, path):
        con = sqlite3.connect("file:" + path + "?mode=ro", uri=True)
        rows = con.execute(
            "SELECT a.number, a.customer, c.category FROM accounts a JOIN customers c ON c.id = a.customer ORDER BY a.number"
        ).fetchall()
        con.close()
        self.accounts = [row[0] for row in rows]
        self.customers = sorted({row[1] for row in rows})
        self.vip = [row[0] for row in rows if row[2] == "V"]
        self.beyond = len(rows)


def directory(path, accounts, db_seed):
    """From the bank's file, or, without one, from a copy that the same seed makes."""
    if path:
        return Directory(path)
    with tempfile.TemporaryDirectory() as folder:
        copy = os.path.join(folder, "bank.db")
        builder.build(copy, accounts, db_seed)
        return Directory(copy)


def next_number(path, seed):
    """0, or the number after the last request of this seed whose answer the bank has stored."""
    if not path:
        return 0
    prefix = key_prefix(seed)
    con = sqlite3.connect("file:" + path + "?mode=ro", uri=True)
    try:
        rows = con.execute("SELECT substr(key, ?) FROM requests WHERE substr(key, 1, ?) = ?", (len(prefix) + 1, len(prefix), prefix))
        return max((int(text) + 1 for (text,) in rows if text.isdigit()), default=0)
    finally:
        con.close()


def key_prefix(seed):
    return "K%d-" % seed


class Plan:
    """Iterator over requests: {n, route, method, target, body, key, operator, token}.

    `operator`: whose session token to send, None for none. `token`: sent instead when it is not None.
    `login`: the operator whose token the answer brings, or None.
    """

    def __init__(self, seed, known, first=0):
        self.rng = random.Random("traffic %d %d" % (seed, first))
        self.seed = seed
        self.known = known
        self.first = first
        self.n = first
        self.repeats = {}
        self.hot = self.rng.sample(known.accounts, min(HOT_ACCOUNTS, len(known.accounts)))

    def __iter__(self):
        return self

    def __next__(self):
        n = self.n
        self.n += 1
        if n - self.first < OPERATORS:
            return self.login(n, n - self.first, builder.operator_pin(n - self.first))
        if n in self.repeats:
            return dict(self.repeats.pop(n), n=n)
        rng = self.rng
        route = rng.choices(list(MIX), list(MIX.values()))[0]
        if route == "login":
            operator = rng.randrange(1, OPERATORS)
            wrong = rng.random() < BAD_SHARE
            return self.login(n, operator, "00000" if wrong else builder.operator_pin(operator))
        params = self.params(route)
        key = key_prefix(self.seed) + "%06d" % n if route in KEYED else ""
        operator = 0 if route == "batch" else rng.randrange(1, OPERATORS)
        token = None
        if rng.random() < BAD_SHARE:
            params, key, token = self.spoil(params, key)
        request = self.request(n, route, params, key, operator, token, None)
        if key and rng.random() < REPEAT_SHARE:
            self.repeat(request)
        return request

    def repeat(self, request):
        at = request["n"] + self.rng.randrange(2, 40)
        while at in self.repeats:
            at += 1
        self.repeats[at] = request

    def login(self, n, operator, pin):
        params = [("operator", builder.operator_code(operator)), ("pin", pin)]
        bring = operator if pin == builder.operator_pin(operator) else None
        return self.request(n, "login", params, "", None, None, bring)

    def request(self, n, route, params, key, operator, token, bring):
        method = METHODS.get(route, "POST")
        path = PATHS.get(route, "/" + route)
        text = urlencode(params)
        target = path + "?" + text if method == "GET" and text else path
        return {
            "n": n, "route": route, "method": method, "target": target, "body": "" if method == "GET" else text,
            "key": key, "operator": operator, "token": token, "login": bring,
        }  # fmt: skip

    def account(self):
        if self.rng.random() < HOT_SHARE:
            return self.rng.choice(self.hot)
        return self.rng.choice(self.known.accounts)

    def written(self, number):
        """As the branches type it: short, with the zeros in front, or in full."""
        share = self.rng.random()
        if share < COORDINATES_SHARE:
            return coordinates(number)
        if share < 0.3:
            return str(number).zfill(12)
        return str(number)

    def amount(self):
        rng = self.rng
        share = rng.random()
        if share < 0.45:
            amount = "%d" % rng.choice(USUAL_AMOUNTS)
        elif share < 0.7:
            amount = "%d" % (rng.randrange(2, 40) * 50)
        elif share < 0.85:
            amount = "%d" % (rng.randrange(5, 200) * 10)
        else:
            amount = "%.2f" % (rng.randrange(500, 180000) / 100.0)
        if "." not in amount and rng.random() < 0.3:
            amount += ".00"
        return amount

    def params(self, route):
        rng = self.rng
        if route == "transfer":
            return [
                ("from", self.written(self.account())), ("to", self.written(self.account())),
                ("amount", self.amount()), ("reason", rng.choice(REASONS)),
            ]  # fmt: skip
        if route == "interest":
            vip = self.known.vip and rng.random() < VIP_SHARE_OF_INTEREST
            number = rng.choice(self.known.vip) if vip else self.account()
            return [("account", str(number)), ("months", str(rng.choice((1, 3, 3, 6, 6, 12, 12, 18, 24))))]
        if route == "credit-score":
            return [("customer", str(rng.choice(self.known.customers)))]
        if route == "statement":
            return [("account", self.written(self.account())), ("rows", str(rng.choice((5, 10, 12, 20, 50))))]
        if route == "loan":
            months = rng.choice((12, 24, 36, 48, 60, 84, 120))
            return [("account", str(self.account())), ("amount", str(rng.randrange(2, 120) * 250)), ("months", str(months))]
        if route == "batch":
            return []
        return [("account", self.written(self.account()))]

    def spoil(self, params, key):
        """One mistake of those that branches make. Gives params, key and the token to send."""
        rng = self.rng
        kind = rng.choice(("session", "key", "missing", "value", "value", "value", "value", "account"))
        if kind == "session" or not params:
            return params, key, rng.choice(BAD_TOKENS)
        if kind == "key" and key:
            return params, "", None
        names = [name for name, _ in params if name != "reason"]
        name = rng.choice(names)
        if kind == "missing":
            return [pair for pair in params if pair[0] != name], key, None
        return [(n, self.wrong(n, value, kind) if n == name else value) for n, value in params], key, None

    def wrong(self, name, value, kind):
        rng = self.rng
        if name == "amount":
            return rng.choice(BAD_AMOUNTS)
        if name == "months" or name == "rows":
            return rng.choice((value + " mesi", "0", "-3", "1000", "dodici"))
        if name == "customer":
            return rng.choice((value + "A", "999999", "Rossi"))
        if kind == "account":
            return str(builder.account_number(self.known.beyond + rng.randrange(1000)))
        return rng.choice((value + "X", value[:-1] + str((int(value[-1]) + 1) % 10), "ROSSI", "0"))
