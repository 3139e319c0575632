# Payroll and pensions: many small rules. Written for the bench, in the style of a ministry's contractor.
import sqlite3
from datetime import date, timedelta

from faults import Refused

TABLES = """
CREATE TABLE employees (id INTEGER PRIMARY KEY, name TEXT NOT NULL, grade TEXT NOT NULL, hired TEXT NOT NULL, salary REAL NOT NULL, children INTEGER NOT NULL, region TEXT NOT NULL);
CREATE TABLE payslips (id INTEGER PRIMARY KEY, employee INTEGER NOT NULL, month TEXT NOT NULL, gross REAL NOT NULL, pension REAL NOT NULL, tax REAL NOT NULL, net REAL NOT NULL);
CREATE TABLE leave (id INTEGER PRIMARY KEY, employee INTEGER NOT NULL, days INTEGER NOT NULL, until TEXT NOT NULL);
CREATE TABLE journal (id INTEGER PRIMARY KEY, line TEXT NOT NULL, amount REAL NOT NULL);
"""
FILE = "payroll.db"

PENSION = 0.0919
PENSION_CAP = 4333.33
HEALTH = 0.0715
CHILD = 47.5
SENIORITY = 18.75
REGIONAL = {"NORTH": 0.0173, "CENTRE": 0.0203, "SOUTH": 0.0153}
FIRST_BAND = 1250.0
SECOND_BAND = 2333.0
OVERTIME = 1.25
NIGHT = 1.5
HOURS = 173.33
DAILY = 26.0
DIRECTORS_BONUS = 312.45
SEVERANCE = 13.5


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
    return "<PAYROLL>" + text + "</PAYROLL>"


def error(code):
    return "<PAYROLL><ERROR>" + code + "</ERROR></PAYROLL>"


def printed(amount):
    return "%.2f" % amount


def cut(amount):
    return int(amount * 100.0) / 100.0


def employee_of(con, number):
    found = con.execute("SELECT id, name, grade, hired, salary, children, region FROM employees WHERE id = ?", (number,)).fetchone()
    if found is None:
        raise Refused("NO_EMPLOYEE")
    return found


def years_of(hired, day):
    years = day.year - hired.year
    if day.month < hired.month:
        years = years - 1
    return years


def tax_on(income, children):
    if income <= FIRST_BAND:
        tax = income * 0.23
    elif income <= SECOND_BAND:
        tax = FIRST_BAND * 0.23 + (income - FIRST_BAND) * 0.35
    else:
        tax = FIRST_BAND * 0.23 + (SECOND_BAND - FIRST_BAND) * 0.35 + (income - SECOND_BAND) * 0.43
    return max(round(tax, 2) - children * CHILD, 0.0)


# POST /payslip    employee, month
def payslip(request):
    params = request["params"]
    number = int(params.get("employee", ""))
    month = params.get("month", "")
    day = date.fromisoformat(month + "-01")
    con = connect()
    try:
        con.execute("BEGIN IMMEDIATE")
        try:
            employee = employee_of(con, number)
            years = years_of(date.fromisoformat(employee["hired"]), day)
            gross = employee["salary"] + SENIORITY * min(years // 2, 15)
            if employee["grade"] == "D1":
                gross = gross + DIRECTORS_BONUS
            pension = round(min(gross, PENSION_CAP) * PENSION, 2)
            health = round(gross * HEALTH, 2)
            tax = tax_on(gross - pension - health, employee["children"])
            regional = cut(gross * REGIONAL[employee["region"]])
            net = round(gross - pension - health - tax - regional, 2)
            con.execute(
                "INSERT INTO payslips (employee, month, gross, pension, tax, net) VALUES (?, ?, ?, ?, ?, ?)",
                (number, month, gross, pension, round(tax + regional, 2), net),
            )
            con.execute("INSERT INTO journal (line, amount) VALUES (?, ?)", ("salary " + month, net))
            con.execute("COMMIT")
        except Exception:
            con.execute("ROLLBACK")
            raise
    finally:
        con.close()
    return page(
        {
            "NAME": employee["name"].upper()[:20].ljust(20),
            "MONTH": day.strftime("%m.%Y"),
            "GROSS": printed(gross),
            "PENSION": printed(pension),
            "HEALTH": printed(health),
            "TAX": printed(tax),
            "REGIONAL": printed(regional),
            "NET": printed(net),
        }
    )


def overtime_pay(hourly, hours, night):
    factor = OVERTIME
    if night == "yes":
        factor = NIGHT
    pay = round(hourly * hours * factor, 2)
    if hours > 8.0:
        pay = pay + 5.0
    return pay


# POST /overtime    employee, hours, night
def overtime(request):
    params = request["params"]
    number = int(params.get("employee", ""))
    hours = float(params.get("hours", ""))
    night = params.get("night", "no")
    con = connect()
    try:
        con.execute("BEGIN IMMEDIATE")
        try:
            employee = employee_of(con, number)
            hourly = employee["salary"] / HOURS
            pay = overtime_pay(hourly, hours, night)
            con.execute("INSERT INTO journal (line, amount) VALUES (?, ?)", ("overtime " + str(number), pay))
            con.execute("COMMIT")
        except Exception:
            con.execute("ROLLBACK")
            raise
    finally:
        con.close()
    return page({"HOURLY": printed(hourly), "HOURS": printed(hours), "PAY": printed(pay)})


# POST /leave    employee, days, from
def take_leave(request):
    params = request["params"]
    number = int(params.get("employee", ""))
    days = int(params.get("days", ""))
    first = date.fromisoformat(params.get("from", ""))
    if days > 20:
        raise Refused("TOO_LONG")
    con = connect()
    try:
        con.execute("BEGIN IMMEDIATE")
        try:
            employee = employee_of(con, number)
            until = first + timedelta(days=days + days // 6)
            value = round(employee["salary"] / DAILY * days, 2)
            con.execute("INSERT INTO leave (employee, days, until) VALUES (?, ?, ?)", (number, days, until.isoformat()))
            con.execute("COMMIT")
        except Exception:
            con.execute("ROLLBACK")
            raise
    finally:
        con.close()
    return page({"DAYS": str(days), "UNTIL": until.strftime("%d.%m.%Y"), "VALUE": printed(value)})


# GET /severance    employee, day
def severance(request):
    params = request["params"]
    number = int(params.get("employee", ""))
    day = date.fromisoformat(params.get("day", ""))
    con = connect()
    try:
        employee = employee_of(con, number)
    finally:
        con.close()
    years = years_of(date.fromisoformat(employee["hired"]), day)
    accrued = employee["salary"] * 12.0 / SEVERANCE * years
    interest = accrued * 0.015 * (day - date(day.year, 1, 1)).days / 365.0
    total = round(accrued, 2) + round(interest, 2)
    if years >= 30:
        total = total + 1000.0
    return page({"YEARS": str(years), "ACCRUED": printed(accrued), "INTEREST": printed(interest), "TOTAL": printed(total)})
