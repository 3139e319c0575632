"""Builds the file of Banca 1990: customers, accounts, history, tables. Same seed, same content.

python3 seed.py --out FILE [--accounts 10000] [--seed 1990] [--progress]
"""

import argparse
import os
import random
import sqlite3
import sys
from datetime import date, timedelta

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "banca"))

from checks import check_digit  # noqa: E402
from money import drawer_of, tranche_of  # noqa: E402
from schema import TABLES  # noqa: E402
from sessions import pin_hash  # noqa: E402

# Last day of the history. Fixed: the content must not depend on the day of the build.
AS_OF = date(2026, 6, 30)
FIRST_SERIAL = 100001
TELLERS = 40
BRANCHES = 24
HISTORY = 6

FIRST_NAMES = (
    "Ada Aldo Alba Bruno Carla Cesare Chiara Dario Delia Elio Emma Ennio Fabio Flavia Gino Giulia Guido Ida Irene Ivo"
    " Lara Lidia Livio Luca Maria Marco Mirella Nino Norma Olga Oreste Paola Piero Rina Renzo Sara Silvio Tina Ugo Vera"
).split()
LAST_NAMES = (
    "Bianchi|Colombo|Conti|Costa|D'Amico|De Luca|Dell'Orto|Esposito|Ferrari|Ferri|Fontana|Gallo|Galli|Greco|Leone|"
    "Lombardi|Longo|Mancini|Marchetti|Marini|Martini|Moretti|Neri|Nicolò|Orlandi|Parisi|Pellegrini|Ricci|Rinaldi|Riva|"
    "Rizzo|Romano|Rossetti|Rossi|Russo|Sala|Santoro|Serra|Testa|Valentini|Villa|Vitale|Zanetti|Zuccalà"
).split("|")
FIRMS = "Fratelli {}|{} & Figli|Officine {} & C.|Trasporti {}|Panificio {}|Ditta {} e Nipoti|Cooperativa Edile {} & Soci".split("|")
FIXED_HOLIDAYS = (
    "01-01 Capodanno|01-06 Epifania|04-25 Liberazione|05-01 Festa del lavoro|06-02 Festa della Repubblica|"
    "08-15 Ferragosto|11-01 Ognissanti|12-08 Immacolata|12-25 Natale|12-26 Santo Stefano"
).split("|")

# Cause, text, lowest and highest amount, weight. 27 is the salary.
HISTORY_CAUSES = [
    (50, "UTILITIES", -190, -25, 22),
    (43, "CARD PAYMENT", -240, -8, 30),
    (26, "TRANSFER", -1500, -50, 14),
    (48, "TRANSFER IN", 40, 2400, 14),
    (13, "CHEQUE", -900, -60, 6),
    (78, "CASH", -300, -50, 10),
    (66, "CHARGES", -12, -2, 4),
]


def account_number(index):
    """Number of the account at an index, with its check digit."""
    serial = FIRST_SERIAL + index
    return serial * 10 + check_digit(serial)


def customer_number(index):
    """Owner of the account at an index: four accounts in five have an owner of their own."""
    return 1000 + index - index // 5


def operator_code(index):
    """Operator 0 is the machine room (level 9), the others sit in the branches (level 1)."""
    return "M001" if index == 0 else "T%03d" % index


def operator_pin(index):
    return "%05d" % ((index * 7919 + 19900) % 100000)


def easter(year):
    """Gregorian computus (Meeus, Jones, Butcher)."""
    a, b, c = year % 19, year // 100, year % 100
    d, e, g = b // 4, b % 4, (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = c // 4, c % 4
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, day = divmod(h + m - 7 * n + 114, 31)
    return date(year, month, day + 1)


def holidays(first, last):
    rows = []
    for year in range(first, last + 1):
        rows.extend(("%d-%s" % (year, text[:5]), text[6:]) for text in FIXED_HOLIDAYS)
        rows.append(((easter(year) + timedelta(days=1)).isoformat(), "Lunedì dell'Angelo"))
    # Easter Monday may fall on the 25th of April.
    return sorted(dict(reversed(rows)).items())


def name_of(rng):
    last = rng.choice(LAST_NAMES)
    if rng.random() < 0.12:
        return rng.choice(FIRMS).format(last)
    return rng.choice(FIRST_NAMES) + " " + last


def day_text(day):
    return day.strftime("%d%m%y")


def some_day(rng, first_year, last_year):
    return date(first_year, 1, 1) + timedelta(days=rng.randrange((last_year - first_year + 1) * 365))


def opened_of(rng, vip):
    """One account in fourteen is older than 1969; half are older than the reform of 1992, of the VIP two in three."""
    share = rng.random()
    if share < 0.07:
        return some_day(rng, 1950, 1968)
    if share < (0.68 if vip else 0.50):
        return some_day(rng, 1970, 1991)
    return some_day(rng, 1992, 2024)


def customer_row(rng, number):
    category = "V" if rng.random() < 0.12 else "N"
    segment = rng.choices((1, 2, 3, 9), (55, 25, 14, 6))[0]
    return (number, name_of(rng), day_text(some_day(rng, 1946, 2003)), category, segment)


def balance_of(rng, vip):
    """In cents. VIP have round deposits, the others what is left at the end of the month."""
    if vip:
        if rng.random() < 0.75:
            return rng.randrange(4, 360) * 25000 + rng.randrange(100) * 100
        return rng.randrange(2000000, 28000000)
    share = rng.random()
    if share < 0.09:
        return -rng.randrange(150, 140000)
    if share < 0.60:
        return rng.randrange(20000, 600000)
    return rng.randrange(600000, 3500000)


def overdraft_of(rng, vip, balance):
    if balance < 0:
        return float(rng.choice((2000, 3000, 5000)))
    return float(rng.choice((5000, 10000) if vip else (0, 500, 1000, 1500, 2500)))


def status_of(rng):
    share = rng.random()
    return "C" if share < 0.008 else "B" if share < 0.02 else "A"


def history_of(rng, number, customer, balance, floor, count):
    """Movements of one account, oldest first, that end at its balance. Amounts in cents until the row.

    Drawn backwards from the balance, so that it never was below the floor: a credit that would not fit
    becomes a payment.
    """
    days = sorted((rng.randrange(540) for _ in range(count)), reverse=True)
    salary = rng.random() < 0.6
    weights = [cause[4] for cause in HISTORY_CAUSES]
    rows = []
    after = balance
    for position in range(count):
        if salary and position % 3 == 0:
            cause, text, amount = 27, "SALARY", rng.randrange(90000, 320000)
        else:
            cause, text, low, high, _ = rng.choices(HISTORY_CAUSES, weights)[0]
            amount = rng.randrange(low * 100, high * 100)
        if after - amount < floor:
            cause, text, amount = 43, "CARD PAYMENT", -rng.randrange(800, 24000)
        day = AS_OF - timedelta(days=days[count - 1 - position])
        left = after / 100.0
        rows.append(
            (
                day.isoformat(), number, customer, cause, amount / 100.0, left, tranche_of(left), drawer_of(left),
                text.ljust(24), 1 + number % BRANCHES,
            )
        )  # fmt: skip
        after -= amount
    return reversed(rows)


def build(path, accounts, seed, told=lambda done: None):
    rng = random.Random(seed)
    con = sqlite3.connect(path, isolation_level=None)
    con.execute("PRAGMA journal_mode=WAL")
    con.execute("PRAGMA synchronous=OFF")
    con.executescript(TABLES)
    con.execute("BEGIN IMMEDIATE")
    customers = {}
    account_rows = []
    movements = []
    for index in range(accounts):
        if index % 500 == 0:
            told(index)
        customer = customer_number(index)
        if customer not in customers:
            customers[customer] = customer_row(rng, customer)
        vip = customers[customer][3] == "V"
        number = account_number(index)
        balance = balance_of(rng, vip)
        overdraft = overdraft_of(rng, vip, balance)
        start = some_day(rng, 2019, 2025).replace(day=1)
        account_rows.append(
            (
                number, customer, day_text(opened_of(rng, vip)), status_of(rng), balance / 100.0, overdraft, 0,
                start.isoformat(), 0.0, "",
            )
        )  # fmt: skip
        # Most holders with an overdraft never use it.
        floor = -int(overdraft) * 100 if balance < 0 or rng.random() < 0.06 else 0
        count = rng.randrange(HISTORY - 3, HISTORY + 4)
        movements.extend(history_of(rng, number, customer, balance, floor, count))
    # Numbered over the whole bank in the order of the days.
    movements.sort(key=lambda row: row[0])
    con.executemany("INSERT INTO customers VALUES (?, ?, ?, ?, ?)", list(customers.values()))
    con.executemany("INSERT INTO accounts VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", account_rows)
    con.executemany(
        "INSERT INTO movements VALUES (?, ?, ?, ?, ?, ?, 0.0, ?, ?, ?, ?, ?, ?)",
        (
            (n, account, customer, day, cause, amount, left, tranche, drawer, text, branch, day + " 18:00:00")
            for n, (day, account, customer, cause, amount, left, tranche, drawer, text, branch) in enumerate(movements, 1)
        ),
    )
    operators = (
        (
            operator_code(i), "Sala macchine" if i == 0 else name_of(rng), pin_hash(operator_code(i), operator_pin(i)),
            0 if i == 0 else 1 + i % BRANCHES, 9 if i == 0 else 1, 0,
        )
        for i in range(TELLERS + 1)
    )  # fmt: skip
    con.executemany("INSERT INTO operators VALUES (?, ?, ?, ?, ?, ?)", operators)
    # A session that the night of the millennium left behind: long expired.
    con.execute("INSERT INTO sessions VALUES (?, 'T001', 1, 1, '1999-12-31 23:59:59')", (expired_token(),))
    sequences = {"movement": len(movements), "posting": 0, "loan": 40000, "charge": 0, "run": 0, "accrual": 0}
    con.executemany("INSERT INTO sequences VALUES (?, ?)", sequences.items())
    rates = {12: 9.125, 24: 9.875, 36: 10.25, 48: 10.625, 60: 11.375, 84: 11.875, 120: 12.125}
    con.executemany("INSERT INTO rates VALUES (?, ?)", rates.items())
    con.executemany("INSERT INTO holidays VALUES (?, ?)", holidays(1990, 2060))
    con.execute("COMMIT")
    con.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    con.close()
    return {"customers": len(customers), "accounts": accounts, "movements": len(movements)}


def expired_token():
    return "1999" * 8


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", required=True, help="file to make; must not exist")
    parser.add_argument("--accounts", type=int, default=10000)
    parser.add_argument("--seed", type=int, default=1990)
    parser.add_argument("--progress", action="store_true", help="say every 500 accounts how many are made")
    options = parser.parse_args()
    if options.accounts < 10 or options.accounts > 800000:
        print("--accounts must lie between 10 and 800000", file=sys.stderr)
        return 2
    if os.path.exists(options.out):
        print("%s exists already, nothing was done" % options.out, file=sys.stderr)
        return 1
    # Made beside it and renamed at the end: a half-made file never bears the name.
    # No connection is open then, and the checkpoint has emptied the WAL.
    part = "%s.%d.part" % (options.out, os.getpid())
    try:
        told = (lambda done: print("made %d" % done, flush=True)) if options.progress else (lambda done: None)
        made = build(part, options.accounts, options.seed, told)
        os.rename(part, options.out)
    finally:
        for left in (part, part + "-wal", part + "-shm"):
            if os.path.exists(left):
                os.remove(left)
    print("%(customers)d customers, %(accounts)d accounts, %(movements)d movements" % made)
    return 0


if __name__ == "__main__":
    sys.exit(main())
