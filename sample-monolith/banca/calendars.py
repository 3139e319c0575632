# CALENDARS    days, months, holidays, value dates
# --------------------------------------------------------------------------
# 14.02.87 A.C.  dates on file are DDMMYY, six places, no more on the card
# 11.11.98 M.B.  year 2000: the century is put by the machine (see read_day)
# 21.06.01 G.F.  holidays from the table, the printed list was always late

import calendar
from datetime import date, datetime, timedelta

from errors import BankError

# From this day on interest goes by the true calendar, circ. 7/1991.
REFORM = date(1992, 1, 1)


# DDMMYY. KNOWN (memo of 18.01.2000): accounts opened before 1969 are read with
# the year 20xx. The office was asked and said to leave it: those accounts run
# by the new rules since then and nobody has complained. DO NOT TOUCH.
def read_day(text):
    return datetime.strptime(text, "%d%m%y").date()


# A birthday can not be in the future, here the century is put right.
def read_birthday(text):
    day = datetime.strptime(text, "%d%m%y").date()
    if day > date.today():
        day = day.replace(year=day.year - 100)
    return day


def today_text():
    return date.today().isoformat()


# Same day some months later; the end of the month if there is no such day.
def add_months(day, months):
    count = day.year * 12 + day.month - 1 + months
    year = count // 12
    month = count % 12 + 1
    last = calendar.monthrange(year, month)[1]
    return date(year, month, min(day.day, last))


# Days of a civil year, for the true calendar.
def year_days(year):
    if calendar.isleap(year):
        return 366
    return 365


# Days between two dates with months of 30 and a year of 360 (circ. 2/1976).
def days_360(first, last):
    months = (last.year - first.year) * 12 + last.month - first.month
    return months * 30 + min(last.day, 30) - min(first.day, 30)


def is_open(con, day):
    if day.weekday() > 4:
        return False
    row = con.execute("SELECT name FROM holidays WHERE day = ?", (day.isoformat(),)).fetchone()
    return row is None


# Value date: some bank days after a day.
def value_day(con, day, days):
    left = days
    value = day
    # No bank is closed for a month: more turns than that and the table is bad.
    turns = 0
    while left > 0:
        value = value + timedelta(days=1)
        turns = turns + 1
        if turns > 31 + days * 2:
            raise BankError("E902", "HOLIDAY TABLE BAD")
        if is_open(con, value):
            left = left - 1
    return value
