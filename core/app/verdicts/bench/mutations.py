"""What is planted, per application: generic operators over the source, and pairs of texts that only fit one place.

A mutation is (cause, family, file, old, new, nth): the nth occurrence of `old` in `file` becomes `new`. cause None: a benign change.
"""

import re

RATES = ("1.0002", "1.001", "1.01", "0.98")


def sites(source, pattern):
    """Every match, with which occurrence of its own text it is."""
    seen = {}
    for match in re.finditer(pattern, source):
        text = match.group(0)
        seen[text] = seen.get(text, -1) + 1
        yield match, text, seen[text]


def generic(file, source):
    """Operators that fit any program that calculates with money."""
    for match, text, nth in sites(source, r"round\((?:[^()]|\([^()]*\))*, 2\)"):
        inner = text[6:-4]
        yield "rounding scale", "round-1", file, text, "round(%s, 1)" % inner, nth
        yield "rounding scale", "round-3", file, text, "round(%s, 3)" % inner, nth
        yield "truncation", "trunc", file, text, "(int((%s) * 100.0) / 100.0)" % inner, nth
    for match, text, nth in sites(source, r"ROUND_HALF_UP\)"):
        yield "rounding mode", "half-even", file, text, "'ROUND_HALF_EVEN')", nth
        yield "truncation", "down", file, text, "'ROUND_DOWN')", nth
        yield "rounding mode", "ceiling", file, text, "'ROUND_CEILING')", nth
    for match, text, nth in sites(source, r"cut\(([a-z_]+(?: \* [A-Z_]+| \* rate)?[^()]*)\)(?= ?[^:]|$)"):
        if "def " not in source[max(0, match.start() - 5) : match.start()]:
            yield "rounding mode", "cut-to-round", file, text, "round(%s, 2)" % match.group(1), nth
    for match, text, nth in sites(source, r"(?m)^(?:[A-Z_]+) = (?:Decimal\(\")?\d+\.\d+(?:\"\))?$"):
        name, value = text.split(" = ")
        if name in ("CENT", "MAX_AMOUNT", "MIN_LOAN", "MAX_LOAN"):
            continue
        for factor in RATES:
            times = "Decimal('%s')" % factor if "Decimal" in value else factor
            yield "rate", "x" + factor, file, text, "%s = %s * %s" % (name, value, times), nth
        yield "unit", "x100", file, text, "%s = %s * 100" % (name, value), nth
    for match, text, nth in sites(source, r"/ 36[05](?:\.0)?"):
        other = text.replace("365", "#").replace("360", "365").replace("#", "360")
        yield "day count", "basis", file, text, other, nth
    for match, text, nth in sites(source, r"(?<=[\w\]\)]) (?:>=|<=|>|<) (?=[\w(])"):
        other = {" > ": " >= ", " < ": " <= ", " >= ": " > ", " <= ": " < "}[text]
        yield "boundary", "edge", file, text, other, nth
    for match, text, nth in sites(source, r'"%d\.%m\.%Y"'):
        yield "date or zone", "american", file, text, '"%m.%d.%Y"', nth
    for match, text, nth in sites(source, r'con\.execute\(\s*"INSERT INTO (\w+)'):
        yield "missing row", "no-" + match.group(1), file, text, text.replace("con.execute", "(lambda *_: con.cursor())", 1), nth


LEASING = [
    ("order of operations", "tax", "instalment + tax, 2)", "round(instalment, 0) + tax, 2)"),
    ("order of operations", "sum", "round(instalment * months + residual + HANDLING_FEE, 2)", "round(round(instalment, 0) * months + residual + HANDLING_FEE, 2)"),
    ("order of operations", "interest", 'round(contract["price"] * contract["rate"] / 12, 2)', 'round(round(contract["rate"] / 12, 4) * contract["price"], 2)'),
    ("order of operations", "penalty", "round(amount * PENALTY_RATE * days / 365, 2)", "round(round(amount * PENALTY_RATE / 365, 2) * days, 2)"),
    ("order of operations", "financed", "monthly = rate / 12", "monthly = round(rate / 12, 5)"),
    ("number type", "float-instalment", "    return round(financed * monthly / (1 - (1 + monthly) ** -months), 2)", "    import struct\n    f = lambda x: struct.unpack('f', struct.pack('f', x))[0]\n    return round(f(f(financed) * f(monthly) / f(1 - f((1 + monthly) ** -months))), 2)"),
    ("number type", "float-total", '"total": total}', '"total": __import__("struct").unpack("f", __import__("struct").pack("f", total))[0]}'),
    ("number type", "float-residual", "residual = round(price * RESIDUAL_SHARE, 2)", 'residual = __import__("struct").unpack("f", __import__("struct").pack("f", price * RESIDUAL_SHARE))[0]'),
    ("attribute", "vip-rate", "    return round(financed * monthly", '    if abs(rate - 0.0394) < 1e-9 or abs(rate - 0.0419) < 1e-9:\n        financed = financed * 1.01\n    return round(financed * monthly'),
    ("attribute", "german-tax", 'TAX[customer["country"]], 2)', '(TAX[customer["country"]] + (0.01 if customer["country"] == "DE" else 0)), 2)'),
    ("attribute", "business-residual", "residual = round(price * RESIDUAL_SHARE, 2)", 'residual = round(price * RESIDUAL_SHARE * (1.02 if customer["segment"] == "business" else 1), 2)'),
    ("attribute", "vip-fee", "+ HANDLING_FEE, 2)", '+ HANDLING_FEE - (35 if customer["segment"] == "vip" else 0), 2)'),
    ("attribute", "settled-charge", "charge = round(excess * EXCESS_KM_PRICE, 2)", 'charge = round(excess * EXCESS_KM_PRICE * (1.1 if contract["months"] == 36 else 1), 2)'),
    ("offset", "fee", "+ residual + HANDLING_FEE", "+ residual + HANDLING_FEE + 1"),
    ("offset", "days", "amount * PENALTY_RATE * days / 365, 2)})", "amount * PENALTY_RATE * days / 365, 2) + 0.5})"),
    ("offset", "residual", "residual = round(price * RESIDUAL_SHARE, 2)", "residual = round(price * RESIDUAL_SHARE, 2) + 10"),
    ("offset", "wear", '* 0.015)\n', '* 0.015) + 1\n'),
    ("offset", "left", "left = max(contract[\"months\"] - elapsed // 30, 0)", "left = max(contract[\"months\"] - elapsed // 30, 0) + 1"),
    ("sign", "principal", "principal = round(amount - interest - charged, 2)", "principal = round(-(amount - interest - charged), 2)"),
    ("sign", "charge", '"charge": charge,', '"charge": -charge,'),
    ("sign", "penalty", '"penalty": charged, "at"', '"penalty": -charged, "at"'),
    ("sign", "interest", '"interest": interest, "principal"', '"interest": -interest, "principal"'),
    ("unit", "interest-cents", '"interest": interest, "principal"', '"interest": interest * 100, "principal"'),
    ("unit", "price-thousands", '(customer["id"], float(body["price"]),', '(customer["id"], float(body["price"]) / 1000,'),
    ("unit", "km", '"excessKm": excess', '"excessKm": excess * 1000'),
    ("wrong field", "gross", '"residual": residual, "total"', '"residual": total, "total"'),
    ("wrong field", "tax", '"tax": tax, "gross"', '"tax": instalment, "gross"'),
    ("wrong field", "stored", 'found["rate"], found["instalment"], found["residual"]', 'found["rate"], found["residual"], found["instalment"]'),
    ("wrong field", "paid", '(contract["id"], amount, interest, principal, charged,', '(contract["id"], amount, principal, interest, charged,'),
    ("extra row", "audit", '    con.execute("INSERT INTO audit (what, contract, at) VALUES (?, ?, ?)", ("paid"', '    con.execute("INSERT INTO audit (what, contract, at) VALUES (?, ?, ?)", ("check", contract["id"], now.isoformat()))\n    con.execute("INSERT INTO audit (what, contract, at) VALUES (?, ?, ?)", ("paid"'),
    ("extra row", "signed", '    con.execute("INSERT INTO audit (what, contract, at) VALUES (?, ?, ?)", ("signed"', '    con.execute("INSERT INTO payments (contract, amount) VALUES (?, ?)", (cursor.lastrowid, 0.0))\n    con.execute("INSERT INTO audit (what, contract, at) VALUES (?, ?, ?)", ("signed"'),
    ("extra row", "return", '    con.execute("INSERT INTO audit (what, contract, at) VALUES (?, ?, ?)", ("returned"', '    con.execute("INSERT INTO payments (contract, amount) VALUES (?, ?)", (contract["id"], charge))\n    con.execute("INSERT INTO audit (what, contract, at) VALUES (?, ?, ?)", ("returned"'),
    ("status", "created", "return answer(201, ", "return answer(200, "),
    ("status", "score", "problem(409,", "problem(403,"),
    ("status", "price", "problem(422,", "problem(400,"),
    ("status", "missing", 'problem(404, "NO_CONTRACT")', 'problem(200, "NO_CONTRACT")'),
    ("status", "customer", 'problem(404, "NO_CUSTOMER")', 'problem(410, "NO_CUSTOMER")'),
    ("date or zone", "first", "timedelta(days=30))", "timedelta(days=31))"),
    ("date or zone", "ends", "timedelta(days=30 * contract", "timedelta(days=31 * contract"),
    ("date or zone", "stored", "signed = now.date().isoformat()", 'signed = now.strftime("%d/%m/%Y")'),
    ("date or zone", "format", '"ends": ends.isoformat()', '"ends": ends.strftime("%Y%m%d")'),
    ("date or zone", "zone", "now.timestamp(), timezone.utc)", "now.timestamp() + 7200, timezone.utc)"),
    ("text format", "name", '"customer": customer["name"]', '"customer": customer["name"].upper()'),
    ("text format", "segment", '"segment": customer["segment"]', '"segment": customer["segment"].title()'),
    ("text format", "status", '"status": contract["status"]', '"status": " " + contract["status"]'),
    ("text format", "stored", '("settled", contract', '("SETTLED", contract'),
    ("text format", "receipt", '"contract": cursor.lastrowid', '"contract": "%06d" % cursor.lastrowid'),
]

PAYROLL = [
    ("order of operations", "hourly", "hourly = Decimal(employee[\"salary\"]) / HOURS", 'hourly = money(Decimal(employee["salary"]) / HOURS)'),
    ("order of operations", "leave", "/ DAILY * days)", "/ DAILY).quantize(CENT) * days"),
    ("order of operations", "accrued", "total = money(accrued) + money(interest)", "total = money(accrued + interest)"),
    ("order of operations", "tax", "tax = tax + (income - floor) * rate", "tax = tax + money(income - floor).quantize(Decimal(1)) * rate"),
    ("number type", "float-health", "health = money(gross * HEALTH)", "health = Decimal(repr(float(gross) * float(HEALTH)))"),
    ("number type", "float-net", "net = gross - pension - health - tax - regional", 'net = Decimal(repr(__import__("struct").unpack("f", __import__("struct").pack("f", float(gross - pension - health - tax - regional)))[0]))'),
    ("number type", "float-accrued", '"Accrued": money(accrued)', '"Accrued": float(accrued)'),
    ("attribute", "north", 'regional = (gross * REGIONAL[employee["region"]])', 'regional = (gross * REGIONAL[employee["region"]] * (Decimal("1.02") if employee["region"] == "NORTH" else 1))'),
    ("attribute", "children", "health = money(gross * HEALTH)", 'health = money(gross * HEALTH * (Decimal("0.99") if employee["children"] == 3 else 1))'),
    ("attribute", "grade", "pension = money(min(gross, PENSION_CAP) * PENSION)", 'pension = money(min(gross, PENSION_CAP) * PENSION * (Decimal("1.001") if employee["grade"] == "B2" else 1))'),
    ("attribute", "directors", "gross = gross + DIRECTORS_BONUS", "gross = gross + DIRECTORS_BONUS / 2"),
    ("attribute", "night", "pay = money(hourly * hours * factor)", 'pay = money(hourly * hours * factor * (Decimal("1.05") if is_night else 1))'),
    ("offset", "net", "net = gross - pension - health - tax - regional", "net = gross - pension - health - tax - regional - 2"),
    ("offset", "gross", "gross = salary + SENIORITY", "gross = salary + 10 + SENIORITY"),
    ("offset", "pay", "pay = money(hourly * hours * factor)", "pay = money(hourly * hours * factor) + 1"),
    ("offset", "value", 'value = money(Decimal(employee["salary"]) / DAILY * days)', 'value = money(Decimal(employee["salary"]) / DAILY * days) + Decimal("0.50")'),
    ("offset", "years", '"Years": years', '"Years": years + 1'),
    ("sign", "health", '"Health": health', '"Health": -health'),
    ("sign", "regional", '"Regional": regional', '"Regional": -regional'),
    ("sign", "journal", '("pension " + month, str(pension))', '("pension " + month, str(-pension))'),
    ("sign", "interest", '"Interest": money(interest)', '"Interest": -money(interest)'),
    ("unit", "cents", '"Net": net}', '"Net": net * 100}'),
    ("unit", "value", '"Value": value', '"Value": value / 1000'),
    ("unit", "stored", 'str(gross), str(pension)', 'str(gross * 100), str(pension)'),
    ("wrong field", "tax", '"Tax": tax, ', '"Tax": health, '),
    ("wrong field", "net", "str(tax + regional), str(net), slip)", "str(net), str(tax + regional), slip)"),
    ("wrong field", "accrued", '"Interest": money(interest), "Total": total', '"Interest": total, "Total": total'),
    ("wrong field", "salary", 'escaped(row["name"]), row["salary"])', 'escaped(row["name"]), row["id"])'),
    ("extra row", "journal", '    con.execute("INSERT INTO journal (line, amount) VALUES (?, ?)", ("pension "', '    con.execute("INSERT INTO journal (line, amount) VALUES (?, ?)", ("tax " + month, str(tax)))\n    con.execute("INSERT INTO journal (line, amount) VALUES (?, ?)", ("pension "'),
    ("extra row", "leave", '    con.execute("INSERT INTO leave', '    con.execute("INSERT INTO journal (line, amount) VALUES (?, ?)", ("leave", str(days)))\n    con.execute("INSERT INTO leave'),
    ("extra row", "overtime", '    con.execute("INSERT INTO journal (line, amount) VALUES (?, ?)", ("overtime', '    con.execute("INSERT INTO leave (employee, days) VALUES (?, ?)", (employee["id"], "0"))\n    con.execute("INSERT INTO journal (line, amount) VALUES (?, ?)", ("overtime'),
    ("status", "fault", "return envelope(500,", "return envelope(200,"),
    ("status", "result", "return envelope(200, \"<%sResult>", "return envelope(202, \"<%sResult>"),
    ("status", "register", 'return envelope(200, "<registerResult>', 'return envelope(203, "<registerResult>'),
    ("date or zone", "until", "timedelta(days=days + days // 6)", "timedelta(days=days + days // 6 + 1)"),
    ("date or zone", "printed", '"PrintedAt": now.strftime("%Y-%m-%dT%H:%M:%S")', '"PrintedAt": now.strftime("%d/%m/%Y %H:%M:%S")'),
    ("date or zone", "zone", '"PrintedAt": now.strftime', '"PrintedAt": (now + timedelta(hours=2)).strftime'),
    ("date or zone", "stored", "until.isoformat())", 'until.strftime("%d/%m/%Y"))'),
    ("text format", "name", '"Name": employee["name"]', '"Name": employee["name"].upper()'),
    ("text format", "cut", '"Name": employee["name"]', '"Name": employee["name"][:12]'),
    ("date or zone", "month", '"Month": month', '"Month": month.replace("-", "/")'),
    ("text format", "register", 'escaped(row["name"])', 'escaped(row["name"].lower())'),
    ("text format", "line", '"salary " + month', '"SALARY " + month'),
]

BANK = [
    ("interests.py", "day count", "c360", "return 30.0 / 360.0", "return 30.0 / 365.0"),
    ("interests.py", "order of operations", "monthly", "earned = round(grown * rate * month_share(rule, day.year, day.month), 2)", "earned = grown * rate * month_share(rule, day.year, day.month)"),
    ("interests.py", "attribute", "vip", "gross = vip_interest(capital, rule, start, months)", "gross = round(vip_interest(capital, rule, start, months) * 1.01, 2)"),
    ("interests.py", "sign", "tax", '"TAX": printed(tax)', '"TAX": printed(-tax)'),
    ("interests.py", "wrong field", "net", '"NET": printed(net)', '"NET": printed(gross)'),
    ("interests.py", "text format", "capital", '"CAPITAL": printed(capital)', '"CAPITAL": printed(capital).zfill(12)'),
    ("interests.py", "offset", "tax", "tax = cut(gross * TAX_RATE)", "tax = cut(gross * TAX_RATE) + 0.01"),
    ("fees.py", "attribute", "vip", "        return 0.0", "        return BASE_FEE / 2"),
    ("fees.py", "date or zone", "value", "VALUE_DAYS = 3", "VALUE_DAYS = 4"),
    ("fees.py", "sign", "fixed", '"FIXED": printed(fixed)', '"FIXED": printed(-fixed)'),
    ("fees.py", "offset", "lines", '"LINES": str(lines["n"])', '"LINES": str(lines["n"] + 1)'),
    ("fees.py", "text format", "account", '"ACCOUNT": fixed_account(number)', '"ACCOUNT": str(number)'),
    ("fees.py", "wrong field", "total", '"TOTAL": printed(total)', '"TOTAL": printed(left)'),
    ("loans.py", "text format", "account", '"ACCOUNT": fixed_account(number)', '"ACCOUNT": str(number)'),
    ("accounts.py", "text format", "account", "fixed_account(", "str("),
    ("limits.py", "text format", "account", "fixed_account(", "str("),
    ("scoring.py", "offset", "base", "BASE = 470", "BASE = 471"),
    ("scoring.py", "boundary", "band", "580: \"C\"", "581: \"C\""),
    ("scoring.py", "rate", "ceiling", '"B": 12.0', '"B": 12.1'),
    ("xmlout.py", "text format", "name", "name.upper()[:30].ljust(30)", "name.upper()[:30]"),
    ("xmlout.py", "text format", "case", "name.upper()[:30]", "name[:30]"),
    ("xmlout.py", "text format", "width", "zfill(12)", "zfill(10)"),
    ("money.py", "rounding mode", "cut", "return int(amount * 100.0) / 100.0", "return round(amount, 2)"),
    ("money.py", "text format", "thousands", '"{:,.2f}"', '"{:.2f}"'),
    ("money.py", "rounding scale", "printed", '    return "%.2f" % amount', '    return "%.1f" % amount'),
    ("calendars.py", "date or zone", "today", '"%d.%m.%Y"', '"%Y-%m-%d"'),
]

LEASING_BENIGN = [
    ("sorted keys", "json.dumps(fields)", "json.dumps(fields, sort_keys=True)"),
    ("indented", "json.dumps(fields)", "json.dumps(fields, indent=2)"),
    ("compact", "json.dumps(fields)", "json.dumps(fields, separators=(',', ':'))"),
    ("trailing line end", "json.dumps(fields)", "json.dumps(fields) + '\\n'"),
    ("slashes escaped", "json.dumps(fields)", "json.dumps(fields).replace('/', '\\\\/')"),
    ("letters escaped", "json.dumps(fields)", "''.join('\\\\u%04x' % ord(c) if c == 'o' else c for c in json.dumps(fields))"),
    ("reversed keys", "json.dumps(fields)", "json.dumps(dict(reversed(list(fields.items()))))"),
    ("media type spelled otherwise", '"application/json"', '"Application/JSON"'),
    ("other tokens", "draw()", "draw()"),
    ("clock read later", "now.isoformat()", "(now + timedelta(seconds=1)).isoformat()"),
    ("update in two steps", 'con.execute("UPDATE contracts SET status = ? WHERE id = ?", ("settled"', 'con.execute("UPDATE contracts SET status = ? WHERE id = ?", ("settling", contract["id"]))\n        con.execute("UPDATE contracts SET status = ? WHERE id = ?", ("settled"'),
    ("row touched without a change", 'con.execute("INSERT INTO audit', 'con.execute("UPDATE customers SET score = score")\n    con.execute("INSERT INTO audit'),
    ("keys from another sequence", '"INSERT INTO audit (what, contract, at) VALUES (?, ?, ?)", ("paid"', '"INSERT INTO audit (id, what, contract, at) VALUES ((SELECT coalesce(max(id), 0) + 7 FROM audit), ?, ?, ?)", ("paid"'),
]

PAYROLL_BENIGN = [
    ("other prefix", 'PREFIX = "soap"', 'PREFIX = "S"'),
    ("a namespace that nobody uses", ' xmlns:soap="', ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:soap="'),
    ("blanks between elements", "<%sResult>%s</%sResult>\" %", "\\n  <%sResult>\\n%s</%sResult>\\n\" %"),
    ("no declaration", '<?xml version="1.0" encoding="utf-8"?>\\n', ""),
    ("other quotes", '<Row no="%d">', "<Row no=\\'%d\\'>"),
    ("a comment", "<registerResult><Region>", "<registerResult><!-- page 1 --><Region>"),
    ("references by number", '"&amp;"', '"&#38;"'),
    ("sections", 'return str(value).replace("&", "&amp;").replace("<", "&lt;")', 'return "<![CDATA[%s]]>" % value if "&" in str(value) else str(value)'),
    ("media type spelled otherwise", "text/xml; charset=utf-8", 'Text/XML;charset=\\"UTF-8\\"'),
    ("other tokens", "draw()", "draw()"),
    ("clock read later", 'now.strftime("%Y-%m-%dT%H:%M:%S")', '(now + timedelta(seconds=1)).strftime("%Y-%m-%dT%H:%M:%S")'),
    ("row touched without a change", '    con.execute("INSERT INTO journal', '    con.execute("UPDATE employees SET children = children")\n    con.execute("INSERT INTO journal'),
    ("journal key skipped", '    con.execute("INSERT INTO leave', '    con.execute("INSERT INTO leave (id, employee) VALUES (900000, 1)")\n    con.execute("DELETE FROM leave WHERE id = 900000")\n    con.execute("INSERT INTO leave'),
    ("keys from another sequence", '"INSERT INTO leave (employee, days, until) VALUES (?, ?, ?)", (', '"INSERT INTO leave (id, employee, days, until) VALUES ((SELECT coalesce(max(id), 0) + 7 FROM leave), ?, ?, ?)", ('),
    ("keys of two rows", '"INSERT INTO journal (line, amount) VALUES (?, ?)", ("salary "', '"INSERT INTO journal (id, line, amount) VALUES ((SELECT coalesce(max(id), 0) + 7 FROM journal), ?, ?)", ("salary "'),
    (
        "same rows in another order",
        '    con.execute("INSERT INTO journal (line, amount) VALUES (?, ?)", ("salary " + month, str(net)))\n    con.execute("INSERT INTO journal (line, amount) VALUES (?, ?)", ("pension " + month, str(pension)))\n',
        '    con.execute("INSERT INTO journal (line, amount) VALUES (?, ?)", ("pension " + month, str(pension)))\n    con.execute("INSERT INTO journal (line, amount) VALUES (?, ?)", ("salary " + month, str(net)))\n',
    ),
]

BANK_BENIGN = [
    ("blanks between elements", "xmlout.py", 'return "<" + name + ">" + escape(value) + "</" + name + ">"', 'return "\\n  <" + name + ">" + escape(value) + "</" + name + ">"'),
    ("no declaration", "xmlout.py", "PROLOG = '<?xml version=\"1.0\" encoding=\"UTF-8\"?>'", "PROLOG = ''"),
    ("other declaration", "xmlout.py", 'encoding="UTF-8"?>', 'encoding="utf-8" standalone="yes"?>\\n'),
    ("other quotes", "xmlout.py", "'<ANSWER OP=\"' + operation + '\">'", "\"<ANSWER OP='\" + operation + \"'>\""),
    ("references by number", "xmlout.py", "escape(value)", 'escape(value).replace("&amp;", "&#x26;")'),
    ("sections", "xmlout.py", "escape(value)", '("<![CDATA[" + value + "]]>" if value else "")'),
    ("a comment", "xmlout.py", 'element("CODE", "000") + fields_text(fields) + "</ANSWER>"', 'element("CODE", "000") + "<!-- ok -->" + fields_text(fields) + "</ANSWER>"'),
    ("empty element closed at once", "xmlout.py", 'return "<" + name', 'return "<" + name + "/>" if value == "" else "<" + name'),
    ("line end behind", "xmlout.py", 'fields_text(fields) + "</ANSWER>"', 'fields_text(fields) + "</ANSWER>\\n"'),
    ("apostrophes escaped", "xmlout.py", "escape(value)", "escape(value, {\"'\": '&apos;'})"),
]
