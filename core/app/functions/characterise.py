"""Runs one function of a Python file on generated calls and writes what each gave: one JSON line per call.

    python3 -B -s characterise.py FILE FUNCTION COUNT SEED      (calls of our own making, guided by coverage)
    python3 -B -s characterise.py FILE FUNCTION - 0 < CALLS     (one JSON line {"args": [...], "keywords": {...}} per call)

The shapes of values and lines are those of core/contract/function-ir.ts (TypedValue, Vector). A call that takes longer than a second, or
whose values cannot be told, is left out and counted in the last line, {"summary": ...}. The process may not write files, open sockets or
start programs: an audit hook refuses them, and limits hold its memory and time. It guards against accidents of the code under
observation, not against code that means harm.
"""
import ast
import copy
import io
import json
import math
import os
import random
import resource
import signal
import sys

CALL_SECONDS = 1.0
MEMORY_BYTES = 2 << 30
TEXT_LIMIT = 20_000
FORBIDDEN = ("socket.", "subprocess.", "os.exec", "os.fork", "os.posix_spawn", "os.spawn", "os.system", "os.remove", "os.rename", "os.rmdir",
             "os.mkdir", "os.truncate", "os.kill", "shutil.", "ftplib.", "smtplib.", "urllib.", "http.", "ctypes.")


class Untellable(Exception):
    """A value that has no typed text."""


class TooSlow(BaseException):
    """A call went past its time."""


# ---- values as text ---------------------------------------------------------------------------------------------------------------------


def tell(value, depth=0):
    kind = type(value)
    if value is None or kind is bool:
        return value
    if kind is str:
        value.encode("utf-8")  # a lone surrogate has no text
        return value
    if depth > 60:
        raise Untellable("too deep")
    if kind is int:
        if value.bit_length() > 40_000:
            raise Untellable("an int too long to write")
        return {"int": str(value)}
    if kind is float:
        return {"float": repr(value)}
    if kind is complex:
        return {"complex": [repr(value.real), repr(value.imag)]}
    if kind is bytes:
        return {"bytes": value.hex()}
    if kind is list:
        return {"list": [tell(item, depth + 1) for item in value]}
    if kind is tuple:
        return {"tuple": [tell(item, depth + 1) for item in value]}
    if kind in (set, frozenset):
        items = [tell(item, depth + 1) for item in value]
        return {kind.__name__: sorted(items, key=lambda item: json.dumps(item, sort_keys=True))}
    if isinstance(value, dict):
        return {"dict": [[tell(key, depth + 1), tell(item, depth + 1)] for key, item in value.items()]}
    if kind.__name__ == "deque":
        return {"list": [tell(item, depth + 1) for item in value]}
    if kind is range:
        return {"other": "range"}
    if hasattr(value, "__next__"):
        items = []
        for item in value:
            items.append(tell(item, depth + 1))
            if len(items) > 10_000:
                raise Untellable("an endless iterator")
        return {"iterator": items}
    return {"other": kind.__name__}


def make(text):
    if text is None or isinstance(text, (bool, str)):
        return text
    ((kind, inner),) = text.items()
    if kind == "int":
        return int(inner)
    if kind == "float":
        return float(inner)
    if kind == "complex":
        return complex(float(inner[0]), float(inner[1]))
    if kind == "bytes":
        return bytes.fromhex(inner)
    if kind == "dict":
        return {make(key): make(item) for key, item in inner}
    makers = {"list": list, "tuple": tuple, "set": set, "frozenset": frozenset, "iterator": iter}
    return makers[kind]([make(item) for item in inner])


# ---- one call -----------------------------------------------------------------------------------------------------------------------------


def run(function, args, keywords):
    """The vector of one call; raises Untellable or TooSlow."""
    vector = {"args": [tell(arg) for arg in args]}
    if keywords:
        vector["keywords"] = {name: tell(value) for name, value in keywords.items()}
    output = io.StringIO()
    before, sys.stdout = sys.stdout, output
    random.seed(0)
    signal.setitimer(signal.ITIMER_REAL, CALL_SECONDS)
    try:
        try:
            result = function(*args, **keywords)
            vector["result"] = tell(result)
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            sys.stdout = before
    except (Untellable, TooSlow, UnicodeEncodeError, MemoryError):
        raise
    except Exception as error:
        vector.pop("result", None)
        vector["raises"] = {"type": type(error).__name__, "message": str(error)}
    vector["after"] = [tell(arg) for arg in args]
    if output.getvalue():
        vector["output"] = output.getvalue()
    if len(json.dumps(vector)) > TEXT_LIMIT:
        raise Untellable("too long")
    return vector


def too_slow(_signal, _frame):
    raise TooSlow()


# ---- where calls come from ----------------------------------------------------------------------------------------------------------------


class Source:
    """Constants of the file and the calls that it shows: in docstrings, asserts, and plain calls with constant arguments."""

    def __init__(self, text, name):
        self.tree = ast.parse(text)
        self.numbers, self.texts, self.calls = [], [], []
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Constant):
                if type(node.value) in (int, float):
                    self.numbers.append(node.value)
                elif type(node.value) is str and len(node.value) < 30:
                    self.texts.append(node.value)
                elif type(node.value) is str:
                    self.shown(node.value, name)
            elif isinstance(node, ast.Call):
                self.add(node, name)

    def shown(self, text, name):
        at = text.find(name + "(")
        while at >= 0:
            depth = 0
            for end in range(at, min(len(text), at + 600)):
                depth += (text[end] in "([{") - (text[end] in ")]}")
                if text[end] in ")]}" and depth == 0:
                    try:
                        self.add(ast.parse(text[at : end + 1], mode="eval").body, name)
                    except (SyntaxError, ValueError):
                        pass
                    break
            at = text.find(name + "(", at + 1)

    def add(self, node, name):
        called = getattr(node.func, "id", getattr(node.func, "attr", None))
        if called != name or node.keywords:
            return
        try:
            self.calls.append([ast.literal_eval(arg) for arg in node.args])
        except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
            pass


class Maker:
    """Values by kind, drawn from constants of the file and from what is known to be treacherous."""

    def __init__(self, source, seed):
        self.random = random.Random(seed)
        around = [number + step for number in source.numbers for step in (-1, 0, 1)]
        self.ints = [0, 1, -1, 2, 3, 5, 7, 10, 12, 100, -3, 255, 10**9, 2**53 + 1, -(2**63)] + [int(n) for n in around if math.isfinite(n)]
        self.floats = [0.0, -0.0, 0.5, 1.5, 2.5, 0.1, 2.675, -1.005, 1e16, 1e-7, 3.0] + [float(n) for n in around if abs(n) < 1e300]
        self.texts = ["", "a", "ab", "abc", "hello world", "Aa1!", "racecar", "  x  ", "12", "-7", "3.50", "a,b;c", "\u00e9\u00df\u4e2d", "\U0001f600a", "(())"] + source.texts

    def scalar(self):
        pick = self.random.random()
        if pick < 0.45:
            return self.integer()
        if pick < 0.65:
            return self.floating()
        if pick < 0.92:
            return self.text()
        return self.random.choice([True, False, None])

    def integer(self):
        return self.random.choice(self.ints) if self.random.random() < 0.6 else self.random.randint(-20, 60)

    def floating(self):
        return self.random.choice(self.floats) if self.random.random() < 0.6 else round(self.random.uniform(-100, 1000), self.random.randint(0, 4))

    def text(self):
        if self.random.random() < 0.6:
            return self.random.choice(self.texts)
        letters = self.random.choice(["abc", "01", "aeiouXYZ ", "()[]{}", "0123456789", "abcdefghijklmnopqrstuvwxyz ,."])
        return "".join(self.random.choice(letters) for _ in range(self.random.randint(0, 12)))

    def value(self, depth=0):
        pick = self.random.random()
        if pick < 0.55 or depth > 2:
            return self.scalar()
        inner = self.random.choice([self.integer, self.integer, self.floating, self.text, self.scalar, lambda: self.value(depth + 1)])
        items = [inner() for _ in range(self.random.randint(0, 6))]
        if pick < 0.85:
            return items
        if pick < 0.93:
            return tuple(items)
        hashable = [item for item in items if not isinstance(item, (list, dict, set))]
        try:
            return set(hashable) if pick < 0.95 else {key: self.value(depth + 1) for key in hashable}
        except TypeError:
            return items

    def like(self, value):
        """Something of the same kind, near or far."""
        kind = type(value)
        if self.random.random() < 0.04:
            return self.value()
        if kind is bool:
            return not value
        if kind is int:
            return self.random.choice([value + 1, value - 1, -value, value * 2, value // 2, self.integer(), self.integer()])
        if kind is float:
            return self.random.choice([value + 0.5, -value, value * 10, value / 3, self.floating(), self.floating()])
        if kind is str:
            if value and self.random.random() < 0.6:
                at = self.random.randrange(len(value))
                return self.random.choice([value[:at] + value[at + 1 :], value[:at] + self.text()[:2] + value[at:], value[::-1], value.upper(), value + value, value[: at + 1]])
            return self.text()
        if kind in (list, tuple):
            items = list(value)
            move = self.random.random()
            if items and move < 0.55:
                at = self.random.randrange(len(items))
                items[at] = self.like(items[at])
            elif items and move < 0.7:
                del items[self.random.randrange(len(items))]
            elif items and move < 0.85:
                items.insert(self.random.randrange(len(items) + 1), self.like(self.random.choice(items)))
            elif move < 0.92:
                items.reverse()
            else:
                items = items + copy.deepcopy(items)
            return kind(items[:40])
        if kind is dict and value:
            keys = list(value)
            key = self.random.choice(keys)
            changed = dict(value)
            if self.random.random() < 0.6:
                changed[key] = self.like(changed[key])
            else:
                del changed[key]
            return changed
        if kind in (set, frozenset):
            return kind(list(value)[1:]) if self.random.random() < 0.5 else kind(list(value) + [self.scalar()])
        return self.value()


class Coverage:
    """Which steps from line to line of the file were taken."""

    def __init__(self, path):
        self.path, self.seen, self.fresh, self.last = path, set(), False, 0

    def trace(self, frame, event, _arg):
        if frame.f_code.co_filename != self.path:
            return None
        if event == "line":
            step = (self.last, frame.f_lineno)
            self.last = frame.f_lineno
            if step not in self.seen:
                self.seen.add(step)
                self.fresh = True
        return self.trace


def calls_of(function, source, maker, count, seed, coverage):
    """Yields argument lists: first what the file shows, then what reached something new, changed."""
    code = getattr(function, "__code__", None)
    width = code.co_argcount if code else 1
    least = width - len(getattr(function, "__defaults__", None) or ())
    kept = []
    given = 0
    for call in source.calls:
        if given < count // 4:
            kept.append(copy.deepcopy(call))
            given += 1
            yield call
    while given < count:
        given += 1
        if kept and maker.random.random() < 0.85:
            base = copy.deepcopy(maker.random.choice(kept))
            if base:
                for _ in range(maker.random.choice([1, 1, 2, 3])):
                    at = maker.random.randrange(len(base))
                    base[at] = maker.like(base[at])
        else:
            base = [maker.value() for _ in range(maker.random.randint(least, width))]
        coverage.fresh = False
        keep = copy.deepcopy(base)
        ok = yield base
        if coverage.fresh or (ok and len(kept) < 8):
            kept.append(keep)


def limit():
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

    def watch(event, args):
        if event.startswith(FORBIDDEN):
            raise PermissionError(f"{event} is not allowed here")
        if event == "open" and isinstance(args[1], str) and set(args[1]) & set("wax+"):
            raise PermissionError("writing a file is not allowed here")

    sys.addaudithook(watch)


def main():
    path, name, count, seed = os.path.abspath(sys.argv[1]), sys.argv[2], sys.argv[3], int(sys.argv[4])
    out = sys.stdout
    with open(path, encoding="utf-8") as file:
        text = file.read()
    sys.path[0] = os.path.dirname(path)  # in place of this script's own folder
    limit()
    signal.signal(signal.SIGALRM, too_slow)
    space = {"__name__": os.path.splitext(os.path.basename(path))[0], "__file__": path, "__builtins__": __builtins__}
    sys.stdout = io.StringIO()
    exec(compile(text, path, "exec"), space)
    sys.stdout = out
    function = space[name]
    left = {"slow": 0, "untellable": 0}
    written = 0
    coverage = Coverage(path)

    def one(args, keywords):
        nonlocal written
        coverage.last = 0
        sys.settrace(coverage.trace)
        try:
            vector = run(function, args, keywords)
        except TooSlow:
            left["slow"] += 1
            return False
        except (Untellable, UnicodeEncodeError, MemoryError, RecursionError):
            left["untellable"] += 1
            return False
        finally:
            sys.settrace(None)
        out.write(json.dumps(vector, ensure_ascii=False) + "\n")
        written += 1
        return "raises" not in vector

    if count == "-":
        for line in sys.stdin:
            call = json.loads(line)
            one([make(arg) for arg in call["args"]], {key: make(value) for key, value in call.get("keywords", {}).items()})
    else:
        calls = calls_of(function, Source(text, name), Maker(Source(text, name), seed), int(count), seed, coverage)
        args = next(calls, None)
        while args is not None:
            ok = one(args, {})
            try:
                args = calls.send(ok)
            except StopIteration:
                args = None
    out.write(json.dumps({"summary": {"calls": written, "steps": len(coverage.seen), **left}}) + "\n")


main()
