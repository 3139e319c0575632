"""Payroll and pensions: SOAP, exact decimals, many small rules. Written for the bench, in the style of a ministry's contractor."""

from datetime import date, timedelta
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from xml.etree import ElementTree

SCHEMA = """
CREATE TABLE employees (id INTEGER PRIMARY KEY, name TEXT, grade TEXT, hired TEXT, salary TEXT, children INTEGER, region TEXT);
CREATE TABLE payslips (id INTEGER PRIMARY KEY, employee INTEGER, month TEXT, gross TEXT, pension TEXT, health TEXT, tax TEXT, net TEXT, slip TEXT);
CREATE TABLE leave (id INTEGER PRIMARY KEY, employee INTEGER, days TEXT, until TEXT);
CREATE TABLE journal (id INTEGER PRIMARY KEY, line TEXT, amount TEXT);
"""

CENT = Decimal("0.01")
GRADES = ("A1", "A2", "B1", "B2", "D1")
REGIONS = ("NORTH", "CENTRE", "SOUTH")
PENSION = Decimal("0.0919")
PENSION_CAP = Decimal("4333.33")
HEALTH = Decimal("0.0715")
CHILD = Decimal("47.50")
SENIORITY = Decimal("18.75")
REGIONAL = {"NORTH": Decimal("0.0173"), "CENTRE": Decimal("0.0203"), "SOUTH": Decimal("0.0153")}
BANDS = ((Decimal("1250"), Decimal("0.23")), (Decimal("2333"), Decimal("0.35")), (None, Decimal("0.43")))
OVERTIME = Decimal("1.25")
NIGHT = Decimal("1.5")
HOURS = Decimal("173.33")
DAILY = Decimal("26")
DIRECTORS_BONUS = Decimal("312.45")
SEVERANCE = Decimal("13.5")
PREFIX = "soap"


def build(con, rng):
    con.executescript(SCHEMA)
    for number in range(1, 61):
        salary = "%d.%02d" % (rng.randrange(1100, 6200), rng.choice((0, 15, 33, 50, 75, 99)))
        hired = "%04d-%02d-%02d" % (rng.randrange(1992, 2025), rng.randrange(1, 13), rng.randrange(1, 28))
        row = (number, "Employee %03d & Co." % number, rng.choice(GRADES), hired, salary, rng.randrange(0, 4), rng.choice(REGIONS))
        con.execute("INSERT INTO employees VALUES (?, ?, ?, ?, ?, ?, ?)", row)


def requests(rng):
    while True:
        route = rng.choice(("payslip", "payslip", "overtime", "leave", "severance", "register"))
        employee = rng.randrange(1, 62)
        if route == "payslip":
            fields = {"employee": employee, "month": "2026-%02d" % rng.randrange(1, 13)}
        elif route == "overtime":
            fields = {"employee": employee, "hours": rng.choice(("0.5", "1.25", "3", "7.75", "12")), "night": rng.choice(("yes", "no", "no"))}
        elif route == "leave":
            fields = {"employee": employee, "days": rng.choice((1, 5, 6, 7, 12, 20, 21))}
        elif route == "severance":
            fields = {"employee": employee, "day": "2026-%02d-%02d" % (rng.randrange(1, 13), rng.randrange(1, 28))}
        else:
            fields = {"region": rng.choice(REGIONS)}
        inner = "".join("<%s>%s</%s>" % (name, value, name) for name, value in fields.items())
        yield route, "POST", "/soap/" + route, '<Envelope xmlns="http://schemas.xmlsoap.org/soap/envelope/"><Body><%s>%s</%s></Body></Envelope>' % (route, inner, route)


def handle(con, request, now, draw):
    tree = ElementTree.fromstring(request["body"])
    call = tree[0][0]
    fields = {item.tag.split("}")[-1]: item.text or "" for item in call}
    route = request["route"]
    if route == "register":
        return register(con, fields["region"])
    employee = con.execute("SELECT * FROM employees WHERE id = ?", (int(fields["employee"]),)).fetchone()
    if employee is None:
        return fault("Client.NoEmployee", "no such employee")
    if route == "payslip":
        return payslip(con, employee, fields["month"], now, draw)
    if route == "overtime":
        return overtime(con, employee, Decimal(fields["hours"]), fields["night"] == "yes")
    if route == "leave":
        return take_leave(con, employee, int(fields["days"]), now)
    return severance(con, employee, date.fromisoformat(fields["day"]))


def envelope(status, inner):
    text = '<?xml version="1.0" encoding="utf-8"?>\n<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body>%s</soap:Body></soap:Envelope>'
    return status, "text/xml; charset=utf-8", (text % inner).replace("soap:", PREFIX + ":").replace(":soap=", ":" + PREFIX + "=")


def result(name, fields):
    inner = "".join("<%s>%s</%s>" % (key, escaped(value), key) for key, value in fields.items())
    return envelope(200, "<%sResult>%s</%sResult>" % (name, inner, name))


def fault(code, text):
    return envelope(500, "<soap:Fault><faultcode>%s</faultcode><faultstring>%s</faultstring></soap:Fault>" % (code, escaped(text)))


def escaped(value):
    return str(value).replace("&", "&amp;").replace("<", "&lt;")


def money(value):
    return value.quantize(CENT, rounding=ROUND_HALF_UP)


def years_of(hired, day):
    return day.year - hired.year - ((day.month, day.day) < (hired.month, hired.day))


def tax_on(income, children):
    tax, floor = Decimal(0), Decimal(0)
    for ceiling, rate in BANDS:
        if ceiling is None or income <= ceiling:
            tax = tax + (income - floor) * rate
            break
        tax = tax + (ceiling - floor) * rate
        floor = ceiling
    return max(money(tax) - children * CHILD, Decimal("0.00"))


def payslip(con, employee, month, now, draw):
    day = date.fromisoformat(month + "-01")
    salary = Decimal(employee["salary"])
    years = years_of(date.fromisoformat(employee["hired"]), day)
    gross = salary + SENIORITY * min(years // 2, 15)
    if employee["grade"] == "D1":
        gross = gross + DIRECTORS_BONUS
    pension = money(min(gross, PENSION_CAP) * PENSION)
    health = money(gross * HEALTH)
    tax = tax_on(gross - pension - health, employee["children"])
    regional = (gross * REGIONAL[employee["region"]]).quantize(CENT, rounding=ROUND_DOWN)
    net = gross - pension - health - tax - regional
    slip = draw()
    con.execute(
        "INSERT INTO payslips (employee, month, gross, pension, health, tax, net, slip) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (employee["id"], month, str(gross), str(pension), str(health), str(tax + regional), str(net), slip),
    )
    con.execute("INSERT INTO journal (line, amount) VALUES (?, ?)", ("salary " + month, str(net)))
    con.execute("INSERT INTO journal (line, amount) VALUES (?, ?)", ("pension " + month, str(pension)))
    fields = {"Slip": slip, "Name": employee["name"], "Month": month, "Gross": gross, "Pension": pension, "Health": health, "Tax": tax, "Regional": regional, "Net": net}
    return result("payslip", {**fields, "PrintedAt": now.strftime("%Y-%m-%dT%H:%M:%S")})


def overtime(con, employee, hours, is_night):
    hourly = Decimal(employee["salary"]) / HOURS
    factor = NIGHT if is_night else OVERTIME
    pay = money(hourly * hours * factor)
    if hours > 8:
        pay = pay + Decimal("5.00")
    con.execute("INSERT INTO journal (line, amount) VALUES (?, ?)", ("overtime %d" % employee["id"], str(pay)))
    return result("overtime", {"Hourly": money(hourly), "Hours": hours, "Pay": pay})


def take_leave(con, employee, days, now):
    if days > 20:
        return fault("Client.TooLong", "more than 20 days")
    until = now.date() + timedelta(days=days + days // 6)
    value = money(Decimal(employee["salary"]) / DAILY * days)
    con.execute("INSERT INTO leave (employee, days, until) VALUES (?, ?, ?)", (employee["id"], str(days), until.isoformat()))
    return result("leave", {"Days": days, "Until": until.strftime("%d.%m.%Y"), "Value": value})


def severance(con, employee, day):
    hired = date.fromisoformat(employee["hired"])
    years = years_of(hired, day)
    accrued = Decimal(employee["salary"]) * 12 / SEVERANCE * years
    interest = accrued * Decimal("0.015") * (day - date(day.year, 1, 1)).days / 365
    total = money(accrued) + money(interest)
    if years >= 30:
        total = total + Decimal("1000.00")
    con.execute("INSERT INTO journal (line, amount) VALUES (?, ?)", ("severance %d" % employee["id"], str(total)))
    return result("severance", {"Years": years, "Accrued": money(accrued), "Interest": money(interest), "Total": total})


def register(con, region):
    rows = con.execute("SELECT * FROM employees WHERE region = ? ORDER BY id LIMIT 8", (region,)).fetchall()
    lines = "".join('<Row no="%d"><Name>%s</Name><Salary>%s</Salary></Row>' % (row["id"], escaped(row["name"]), row["salary"]) for row in rows)
    total = sum((Decimal(row["salary"]) for row in rows), Decimal(0))
    return envelope(200, "<registerResult><Region>%s</Region>%s<Total>%s</Total></registerResult>" % (region, lines, total))
