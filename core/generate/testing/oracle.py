"""Evaluates operations as CPython does: one JSON line [operation, arguments] in, one JSON line out."""
import calendar
import hashlib
import json
import math
import struct
import sys
from datetime import date, datetime, timedelta
from urllib.parse import parse_qsl
from xml.sax.saxutils import escape

EPOCH = date(1970, 1, 1)


def day(number):
    return EPOCH + timedelta(days=number)


def number_of(value):
    return (value - EPOCH).days


operations = {
    "round": lambda x, n: round(x, n),
    "roundInt": lambda x: round(x),
    "fixed": lambda x, n: format(x, ".%df" % n),
    "grouped": lambda x, n: format(x, ",.%df" % n),
    "zeroPadded": lambda x, w: format(x, "0%d,.2f" % w),
    "repr": lambda x: repr(x),
    "floordiv": lambda a, b: a // b,
    "mod": lambda a, b: a % b,
    "truncate": lambda x: int(x),
    "floor": lambda x: math.floor(x),
    "ceil": lambda x: math.ceil(x),
    "power": lambda a, b: real(a**b),
    "intPower": lambda a, b: a**b,
    "sqrt": lambda x: math.sqrt(x),
    "min": lambda *values: min(values),
    "max": lambda *values: max(values),
    "int": lambda text: int(text),
    "float": lambda text: float(text),
    "textModulo": lambda text, n: int(text) % n,
    "strip": lambda text: text.strip(),
    "lstrip": lambda text: text.lstrip(),
    "rstrip": lambda text: text.rstrip(),
    "stripCharacters": lambda text, characters: text.strip(characters),
    "split": lambda text: text.split(),
    "slice": lambda text, a, b: text[a:b],
    "at": lambda text, i: text[i],
    "len": lambda text: len(text),
    "ljust": lambda text, n: text.ljust(n),
    "rjust": lambda text, n: text.rjust(n, "*"),
    "center": lambda text, n: format(text, "^%d" % n),
    "zfill": lambda text, n: text.zfill(n),
    "find": lambda text, needle: text.find(needle),
    "count": lambda text, needle: text.count(needle),
    "replace": lambda text, a, b: text.replace(a, b),
    "isDigit": lambda text: text.isdigit(),
    "isAlpha": lambda text: text.isalpha(),
    "isAlnum": lambda text: text.isalnum(),
    "upper": lambda text: text.upper(),
    "lower": lambda text: text.lower(),
    "less": lambda a, b: a < b,
    "sorted": lambda items, down: sorted(items, key=lambda item: item[0], reverse=down),
    "escape": lambda text: escape(text),
    "md5": lambda text: hashlib.md5(text.encode()).hexdigest(),
    "dateOf": lambda y, m, d: number_of(date(y, m, d)),
    "fields": lambda n: [day(n).year, day(n).month, day(n).day, day(n).weekday()],
    "isoDate": lambda n: day(n).isoformat(),
    "addDays": lambda n, k: number_of(day(n) + timedelta(days=k)),
    "isoForms": lambda text: number_of(date.fromisoformat(text)),
    "leap": lambda y: calendar.isleap(y),
    "monthDays": lambda y, m: calendar.monthrange(y, m)[1],
    "parseDate": lambda text, pattern: number_of(datetime.strptime(text, pattern).date()),
    "parseTime": lambda text, pattern: datetime.strptime(text, pattern).isoformat(timespec="microseconds"),
    "formatDate": lambda n, pattern: day(n).strftime(pattern),
    "range": lambda a, b, s: list(range(a, b, s)),
    "itemAt": lambda items, i: items[i],
    "pairs": lambda text: [list(pair) for pair in parse_qsl(text, keep_blank_values=True)],
}


def real(value):
    if isinstance(value, complex):
        raise ValueError("complex")
    return value


def encode(value):
    if isinstance(value, bool) or value is None or isinstance(value, str):
        return value
    if isinstance(value, int):
        return {"i": str(value)}
    if isinstance(value, float):
        return {"f": "nan" if value != value else struct.pack(">d", value).hex()}
    return [encode(item) for item in value]


def decode(value):
    if isinstance(value, dict):
        return int(value["i"]) if "i" in value else struct.unpack(">d", bytes.fromhex(value["f"]))[0]
    if isinstance(value, list):
        return [decode(item) for item in value]
    return value


for line in sys.stdin:
    name, arguments = json.loads(line)
    try:
        result = encode(operations[name](*decode(arguments)))
    except Exception as error:
        result = {"e": type(error).__name__}
    print(json.dumps(result, sort_keys=True))
