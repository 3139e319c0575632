"""Records what CPython does: calls of a function as lines of a vectors file (`Vector` of core/contract/function-ir.ts).

One JSON line per job on stdin, one line {"vectors": [...]} or {"failed": "..."} per job on stdout:

    {"source": "<python text>", "function": "name", "calls": [{"args": [...], "keywords": {...}}, ...]}
    {"source": "<python text>", "function": "name", "driver": "<python text that calls the function>"}

`calls`: arguments as typed values; every call gets its own. `driver`: runs in the namespace of the source, and the outermost calls of the
function are recorded as they happen (their arguments as they were before the call).
"""
import contextlib
import functools
import io
import itertools
import json
import sys
import types

# How much of an endless iterator is kept.
DRAINED = 1000


def compact(value):
    return json.dumps(value, separators=(",", ":"))


def whole(value):
    """The digits, however many the present limit allows."""
    limit = sys.get_int_max_str_digits()
    sys.set_int_max_str_digits(0)
    try:
        return int.__repr__(value)
    finally:
        sys.set_int_max_str_digits(limit)


def encode(value, within=()):
    kind = type(value)
    if value is None or kind is bool or kind is str:
        return value
    if kind is int:
        return {"int": whole(value)}
    if kind is float:
        return {"float": repr(value)}
    if kind is bytes:
        return {"bytes": value.hex()}
    if kind is complex:
        return {"complex": [repr(value.real), repr(value.imag)]}
    if id(value) in within:
        return {"other": kind.__name__}
    inner = (*within, id(value))
    if kind is list or kind is tuple:
        return {kind.__name__: [encode(item, inner) for item in value]}
    if isinstance(value, dict):
        return {"dict": [[encode(key, inner), encode(item, inner)] for key, item in value.items()]}
    if kind is set or kind is frozenset:
        return {kind.__name__: sorted((encode(item, inner) for item in value), key=compact)}
    if hasattr(value, "__next__"):
        drained = []
        for item in value:
            drained.append(encode(item, inner))
            if len(drained) == DRAINED:
                break
        return {"iterator": drained}
    return {"other": kind.__name__}


def decode(value):
    if not isinstance(value, dict):
        return value
    ((kind, inner),) = value.items()
    if kind == "int":
        limit = sys.get_int_max_str_digits()
        sys.set_int_max_str_digits(0)
        try:
            return int(inner)
        finally:
            sys.set_int_max_str_digits(limit)
    if kind == "float":
        return float(inner)
    if kind == "bytes":
        return bytes.fromhex(inner)
    if kind == "complex":
        return complex(float(inner[0]), float(inner[1]))
    if kind == "dict":
        return {decode(key): decode(item) for key, item in inner}
    items = [decode(item) for item in inner]
    return {"list": list, "tuple": tuple, "set": set, "frozenset": frozenset, "iterator": iter}[kind](items)


def observe(function, args, keywords, vector):
    """Fills in what the call gives; gives it back or raises it."""
    printed = io.StringIO()
    try:
        with contextlib.redirect_stdout(printed):
            result = function(*args, **keywords)
            told = result
            if hasattr(result, "__next__"):
                # The caller still gets every item.
                result, told = itertools.tee(result)
            vector["result"] = encode(told)
        return result
    except BaseException as error:
        vector["raises"] = {"type": type(error).__name__, "message": str(error)}
        raise
    finally:
        vector["after"] = [encode(arg) for arg in args]
        if printed.getvalue() != "":
            vector["output"] = printed.getvalue()


def before(args, keywords):
    vector = {"args": [encode(arg) for arg in args]}
    if keywords:
        vector["keywords"] = {name: encode(value) for name, value in keywords.items()}
    return vector


def load(source):
    module = types.ModuleType("legacy")
    sys.modules["legacy"] = module
    with contextlib.redirect_stdout(io.StringIO()):
        exec(compile(source, "legacy.py", "exec"), module.__dict__)
    return module.__dict__


def asked(job):
    function = load(job["source"])[job["function"]]
    vectors = []
    for call in job["calls"]:
        vector = dict(call)
        args = [decode(arg) for arg in call["args"]]
        keywords = {name: decode(value) for name, value in call.get("keywords", {}).items()}
        with contextlib.suppress(BaseException):
            observe(function, args, keywords, vector)
        vectors.append(vector)
    return vectors


def driven(job):
    names = load(job["source"])
    function = names[job["function"]]
    vectors = []
    depth = 0

    @functools.wraps(function)
    def recorded(*args, **keywords):
        nonlocal depth
        if depth > 0:
            return function(*args, **keywords)
        vector = before(args, keywords)
        if "set" in compact(vector):
            # How a set came to be shows in its order, and is not told: the call gets what the vector says.
            args = [decode(arg) for arg in vector["args"]]
        vectors.append(vector)
        depth += 1
        try:
            return observe(function, args, keywords, vector)
        finally:
            depth -= 1

    names[job["function"]] = recorded
    with contextlib.suppress(Exception):
        exec(compile(job["driver"], "driver.py", "exec"), names)
    return vectors


for line in sys.stdin:
    job = json.loads(line)
    try:
        answer = {"vectors": driven(job) if "driver" in job else asked(job)}
    except BaseException as error:
        answer = {"failed": f"{type(error).__name__}: {error}"}
    sys.stdout.write(compact(answer) + "\n")
