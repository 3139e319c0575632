# MONEY    amounts: reading, cutting, printing
# --------------------------------------------------------------------------
# 04.01.99 M.B.  euro. All amounts in euro with two decimals, as REAL
# 15.03.99 M.B.  commissions are ROUNDED, everything else is CUT (circ. 3/1999)
# 21.06.01 G.F.  tranches of overdraft for the return to the Banca d'Italia

from errors import BankError

MAX_AMOUNT = 500000.0

# Width of a tranche of overdraft: 100.00 euro.
TRANCHE = 10000

# Drawers of the microfilm cabinet in via Larga. Seven since the flood.
DRAWERS = 7


# Amount that came from outside. A point for the decimals, nothing else: the
# branch of Lugano writes 12,50 and gets it back (E302).
def read_amount(text):
    if text.strip() == "":
        raise BankError("E301", "AMOUNT MISSING")
    amount = 0.0
    try:
        amount = float(text)
    except ValueError:
        raise BankError("E302", "AMOUNT NOT NUMERIC")
    # Written like this and not "<= 0": what is not a number is not above zero.
    if not amount > 0.0:
        raise BankError("E303", "AMOUNT NOT POSITIVE")
    if amount > MAX_AMOUNT:
        raise BankError("E304", "AMOUNT TOO HIGH")
    return cut(amount)


# Cut to cents. The customer never gets the part below the cent (circ. 3/1999).
def cut(amount):
    return int(amount * 100.0) / 100.0


# Whole cents of an amount that already has two decimals.
def cents(amount):
    return int(round(amount * 100.0))


# Tranche of overdraft in which a balance stands, for the quarterly return:
# 0 and above = in credit, -1 = up to 100.00 below, -2 = up to 200.00 ...
# It goes on the movement and on no paper. The return is made from the rows.
def tranche_of(balance):
    return cents(balance) // TRANCHE


# Drawer of the microfilm: cents of the balance by seven. Debts have drawers
# like credits, 0 to 6.
def drawer_of(balance):
    return cents(balance) % DRAWERS


# As on the passbook.
def printed(amount):
    return "%.2f" % amount


# As on the statement, with the thousands.
def printed_wide(amount):
    return "{:,.2f}".format(amount)
