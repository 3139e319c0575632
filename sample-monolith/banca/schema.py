# SCHEMA    the tables of the bank
# --------------------------------------------------------------------------
# 12.11.99 M.B.  taken over from the ISAM files, one table a file
# 03.02.04 G.F.  WAL, since the branch terminals came on the line
# 17.09.12 L.R.  table "requests": the branches send twice when the line drops
#
# No index on movements.customer. It was there, it doubled the time of the
# evening run, it was taken out (M.B., 2001). Only the credit score misses it.

TABLES = """
CREATE TABLE customers (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    born TEXT NOT NULL,
    category TEXT NOT NULL,
    segment INTEGER NOT NULL
);
CREATE TABLE accounts (
    number INTEGER PRIMARY KEY,
    customer INTEGER NOT NULL,
    opened TEXT NOT NULL,
    status TEXT NOT NULL,
    balance REAL NOT NULL,
    overdraft REAL NOT NULL,
    accrued INTEGER NOT NULL,
    interest_from TEXT NOT NULL,
    used REAL NOT NULL,
    used_day TEXT NOT NULL
);
CREATE TABLE movements (
    number INTEGER PRIMARY KEY,
    account INTEGER NOT NULL,
    customer INTEGER NOT NULL,
    day TEXT NOT NULL,
    cause INTEGER NOT NULL,
    amount REAL NOT NULL,
    commission REAL NOT NULL,
    balance REAL NOT NULL,
    tranche INTEGER NOT NULL,
    drawer INTEGER NOT NULL,
    text TEXT NOT NULL,
    branch INTEGER NOT NULL,
    stamped TEXT NOT NULL
);
CREATE TABLE postings (
    number INTEGER PRIMARY KEY,
    account INTEGER NOT NULL,
    rule TEXT NOT NULL,
    opened TEXT NOT NULL,
    months INTEGER NOT NULL,
    capital REAL NOT NULL,
    gross REAL NOT NULL,
    tax REAL NOT NULL,
    net REAL NOT NULL,
    stamped TEXT NOT NULL
);
CREATE TABLE loans (
    number INTEGER PRIMARY KEY,
    account INTEGER NOT NULL,
    contract TEXT NOT NULL,
    amount REAL NOT NULL,
    months INTEGER NOT NULL,
    rate REAL NOT NULL,
    instalment REAL NOT NULL,
    maturity TEXT NOT NULL,
    stamped TEXT NOT NULL
);
CREATE TABLE charges (
    number INTEGER PRIMARY KEY,
    account INTEGER NOT NULL,
    quarter TEXT NOT NULL,
    steps INTEGER NOT NULL,
    remainder INTEGER NOT NULL,
    total REAL NOT NULL,
    value_day TEXT NOT NULL
);
CREATE TABLE runs (
    number INTEGER PRIMARY KEY,
    first INTEGER NOT NULL,
    last INTEGER NOT NULL,
    accounts INTEGER NOT NULL,
    total INTEGER NOT NULL,
    stamped TEXT NOT NULL
);
CREATE TABLE operators (
    code TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    pin TEXT NOT NULL,
    branch INTEGER NOT NULL,
    level INTEGER NOT NULL,
    logins INTEGER NOT NULL
);
CREATE TABLE sessions (
    token TEXT PRIMARY KEY,
    operator TEXT NOT NULL,
    branch INTEGER NOT NULL,
    level INTEGER NOT NULL,
    created TEXT NOT NULL
);
CREATE TABLE requests (
    key TEXT PRIMARY KEY,
    operation TEXT NOT NULL,
    answer TEXT NOT NULL,
    created TEXT NOT NULL
);
CREATE TABLE sequences (
    name TEXT PRIMARY KEY,
    value INTEGER NOT NULL
);
CREATE TABLE rates (
    months INTEGER PRIMARY KEY,
    percent REAL NOT NULL
);
CREATE TABLE holidays (
    day TEXT PRIMARY KEY,
    name TEXT NOT NULL
);
CREATE INDEX accounts_customer ON accounts (customer);
CREATE INDEX movements_account ON movements (account, number);
"""
