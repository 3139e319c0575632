# XMLOUT    the answer, as the terminals read it
# --------------------------------------------------------------------------
# 08.05.02 G.F.  XML instead of the 80-column record (project "Internet")
#
# The terminals read the fields BY POSITION: the order of the fields in the
# answer is part of the contract with the branches. DO NOT SORT.

from xml.sax.saxutils import escape

PROLOG = '<?xml version="1.0" encoding="UTF-8"?>'


def element(name, value):
    return "<" + name + ">" + escape(value) + "</" + name + ">"


def fields_text(fields):
    text = ""
    for name, value in fields.items():
        text = text + element(name, value)
    return text


# An answer without rows. The code 000 always comes first.
def render(operation, fields):
    return PROLOG + '<ANSWER OP="' + operation + '">' + element("CODE", "000") + fields_text(fields) + "</ANSWER>"


# An answer with rows: the fields first, then <ROWS N="..."> with one <tag> each.
def render_rows(operation, fields, tag, rows):
    text = PROLOG + '<ANSWER OP="' + operation + '">' + element("CODE", "000") + fields_text(fields)
    text = text + '<ROWS N="' + str(len(rows)) + '">'
    for row in rows:
        text = text + "<" + tag + ">" + fields_text(row) + "</" + tag + ">"
    return text + "</ROWS></ANSWER>"


# Errors travel like every other answer, with status 200: the line equipment of
# 2002 throws away the body of anything else.
def render_error(code, text):
    return PROLOG + '<ANSWER OP="ERROR">' + element("CODE", code) + element("TEXT", text) + "</ANSWER>"


# Name of a holder as on the passbook: capital letters, 30 places, no more.
def fixed_name(name):
    return name.upper()[:30].ljust(30)


# Number of an account as on the passbook: 12 digits with the zeros in front.
def fixed_account(number):
    return str(number).zfill(12)
