"""Plants differences in three applications and prints labelled cases, one JSON object per line (see CASES.md).

python3 plant.py [--seed 7] [--only bank|leasing|payroll] [--transactions 40]

Each case is a real program with one change of its source, run beside the unchanged one: every request on a copy of the database as the
unchanged one found it. A change that no request shows is left out, and counted on stderr.
"""

import argparse
import hashlib
import json
import os
import random
import shutil
import sqlite3
import sys
import tempfile
import types
from datetime import datetime, timedelta
from urllib.parse import parse_qsl

import mutations

HERE = os.path.dirname(os.path.abspath(__file__))
SAMPLE = os.path.join(HERE, "..", "..", "..", "..", "sample-monolith")
START = datetime(2026, 7, 1, 9, 0, 0)


def changed(sources, file, old, new, nth):
    """The sources with the nth `old` of a file replaced; None where there is none."""
    source = sources[file]
    at = -1
    for _ in range(nth + 1):
        at = source.find(old, at + 1)
        if at < 0:
            return None
    if old == new:
        return sources
    return {**sources, file: source[:at] + new + source[at + len(old) :]}


class Single:
    """An application in one module, which is given its clock and where its tokens come from."""

    def __init__(self, name, random_fields, clock_fields, ids):
        self.name = name
        self.file = name + ".py"
        with open(os.path.join(HERE, "applications", self.file)) as text:
            self.sources = {self.file: text.read()}
        self.policy = {"random": random_fields, "clock": clock_fields, "clockSlackMs": 2000, "ids": ids}

    def program(self, sources):
        module = types.ModuleType(self.name)
        exec(compile(sources[self.file], self.file, "exec"), module.__dict__)
        return module

    def build(self, path, seed):
        con = sqlite3.connect(path)
        self.program(self.sources).build(con, random.Random(seed))
        con.commit()
        con.close()

    def requests(self, path, seed):
        for route, method, target, body in self.program(self.sources).requests(random.Random(seed)):
            query = dict(parse_qsl(target.split("?")[1])) if "?" in target else {}
            parsed = json.loads(body) if body.startswith("{") else None
            yield {"route": route, "method": method, "target": target, "body": body, "query": query, "json": parsed, "headers": []}

    def ask(self, program, path, request, now, tokens):
        con = sqlite3.connect(path)
        con.row_factory = sqlite3.Row
        try:
            status, kind, body = program.handle(con, request, now, tokens)
            con.commit()
        finally:
            con.close()
        return status, kind, body


class Bank:
    """The sample: many modules, which find each other by name and open the file themselves."""

    name = "bank"
    policy = {"random": ["answer/TOKEN", "sessions.token"], "clock": ["answer/TIME", "sessions.created", "requests.created", "postings.stamped", "movements.stamped", "loans.stamped"], "clockSlackMs": 2000}

    def __init__(self):
        folder = os.path.join(SAMPLE, "banca")
        self.sources = {}
        for file in sorted(os.listdir(folder)):
            if file.endswith(".py"):
                with open(os.path.join(folder, file), encoding="utf-8") as text:
                    self.sources[file] = text.read()
        sys.path.insert(0, SAMPLE)
        import seed as builder
        import traffic_plan

        self.builder, self.plan = builder, traffic_plan

    def program(self, sources):
        names = [file[:-3] for file in sources]
        kept = {name: sys.modules.pop(name) for name in names if name in sys.modules}
        found = {}

        class Finder:
            @staticmethod
            def find_spec(name, path=None, target=None):
                if name + ".py" not in sources:
                    return None
                import importlib.util

                return importlib.util.spec_from_loader(name, Loader)

        class Loader:
            @staticmethod
            def create_module(spec):
                return None

            @staticmethod
            def exec_module(module):
                exec(compile(sources[module.__name__ + ".py"], module.__name__ + ".py", "exec"), module.__dict__)

        clock = types.SimpleNamespace(now=START)
        real = sys.modules["datetime"]
        sys.modules["datetime"] = pinned(clock)
        sys.meta_path.insert(0, Finder)
        try:
            import importlib

            for name in ("dispatch", "db", "sessions", "terminal"):
                found[name] = importlib.import_module(name)
        finally:
            sys.meta_path.remove(Finder)
            sys.modules["datetime"] = real
            for name in names:
                sys.modules.pop(name, None)
            sys.modules.update(kept)
        return types.SimpleNamespace(clock=clock, **found)

    def build(self, path, seed):
        self.builder.build(path, 60, seed)

    def requests(self, path, seed):
        known = self.plan.directory(path, 60, seed)
        for request in self.plan.Plan(seed, known):
            yield request

    tokens_of = {}

    def headers_of(self, request):
        headers = []
        if request["key"]:
            headers.append(("idempotency-key", request["key"]))
        if request["token"] is not None:
            headers.append(("x-session", request["token"]))
        elif request["operator"] is not None:
            headers.append(("x-session", self.tokens_of.get(request["operator"], "")))
        return headers

    def ask(self, program, path, request, now, tokens):
        url, _, query = request["target"].partition("?")
        if "headers" not in request:
            request["headers"] = self.headers_of(request)
        headers = dict(request["headers"])
        program.clock.now = now
        program.db.use_file(path)
        program.sessions.secrets = types.SimpleNamespace(token_hex=lambda size: tokens())
        params = dict(parse_qsl(query, keep_blank_values=True) + parse_qsl(request["body"], keep_blank_values=True))
        text = program.dispatch.serve({"method": request["method"], "path": url, "params": params, "headers": headers})
        return 200, "text/xml; charset=utf-8", text


def pinned(clock):
    """The module `datetime` with a clock that stands."""
    import datetime as real

    class Date(real.date):
        @classmethod
        def today(cls):
            return cls(clock.now.year, clock.now.month, clock.now.day)

    class Moment(real.datetime):
        @classmethod
        def now(cls, tz=None):
            return clock.now

    module = types.ModuleType("datetime")
    module.__dict__.update(real.__dict__)
    module.date, module.datetime = Date, Moment
    return module


def rows_of(path):
    con = sqlite3.connect(path)
    con.row_factory = sqlite3.Row
    tables = {}
    for (name,) in con.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'").fetchall():
        rows = con.execute("SELECT rowid AS rowid_, * FROM " + name).fetchall()
        tables[name] = {row[0]: {key: row[key] for key in row.keys() if key != "rowid_"} for row in rows}
    con.close()
    return tables


def cell(value):
    if value is None:
        return None
    if isinstance(value, int):
        return {"i": str(value)}
    if isinstance(value, float):
        return {"r": value}
    return {"t": str(value)}


def image(row):
    return {key: cell(value) for key, value in row.items()}


def changes_of(before, after):
    changes = []
    for table, rows in after.items():
        old = before[table]
        if rows == old:
            continue
        for key, row in rows.items():
            if key not in old:
                changes.append({"table": table, "key": str(key), "kind": "insert", "before": None, "after": image(row)})
            elif row != old[key]:
                changes.append({"table": table, "key": str(key), "kind": "update", "before": image(old[key]), "after": image(row)})
        for key, row in old.items():
            if key not in rows:
                changes.append({"table": table, "key": str(key), "kind": "delete", "before": image(row), "after": None})
    return changes


class Tokens:
    """32 hexadecimal digits each; keeps what it gave, so that the planted difference can be told from another token."""

    def __init__(self, seed):
        self.rng = random.Random(seed)
        self.given = []

    def __call__(self):
        self.given.append("%032x" % self.rng.getrandbits(128))
        return self.given[-1]


def run_side(app, program, path, before, request, now, tokens):
    status, kind, body = app.ask(program, path, request, now, tokens)
    after = rows_of(path)
    return {"status": status, "contentType": kind, "body": body, "changes": changes_of(before, after)}, after


def cases_of(app, planted, seed, wanted):
    """`planted`: dicts with id, label, cause, family and sources. Each route's transactions in which at least one shows the difference."""
    folder = tempfile.mkdtemp(prefix="phoenix-cases-")
    start = os.path.join(folder, "start.db")
    app.build(start, seed)
    legacy_file, modern_file = os.path.join(folder, "legacy.db"), os.path.join(folder, "modern.db")
    legacy_program = app.program(app.sources)
    history = []
    shutil.copyfile(start, legacy_file)
    before, now = rows_of(legacy_file), START
    # Legacy once for all cases: what it found, what it did.
    tokens = Tokens("legacy")
    for request in app.requests(start, seed):
        if len(history) >= wanted * 9:
            break
        now = now + timedelta(seconds=7)
        image_before = open(legacy_file, "rb").read()
        given = len(tokens.given)
        side, after = run_side(app, legacy_program, legacy_file, before, request, now, tokens)
        if app.name == "bank" and request["login"] is not None and tokens.given[given:]:
            app.tokens_of[request["login"]] = tokens.given[-1]
        history.append((dict(request), image_before, before, side, tokens.given[given:], now))
        before = after
    quiet = 0
    for case in planted:
        program = app.program(case["sources"])
        by_route = {}
        for request, file, rows, legacy, given, at in history:
            if case["routes"] and request["route"] not in case["routes"]:
                continue
            so_far = by_route.get(request["route"], [])
            # Most changes show at once or never on a route; an edge is met now and then.
            is_quiet = case["cause"] != "boundary" and len(so_far) >= 10 and not any(shows for shows, _ in so_far)
            if is_quiet or len(so_far) >= wanted:
                continue
            with open(modern_file, "wb") as copy:
                copy.write(file)
            drawn = Tokens(case["id"])
            try:
                modern, _ = run_side(app, program, modern_file, rows, request, at, drawn)
            except Exception as error:
                modern = {"status": 500, "contentType": "text/plain", "body": "%s: %s" % (type(error).__name__, error), "changes": []}
            text = json.dumps(modern)
            for mine, theirs in zip(drawn.given, given):
                text = text.replace(mine, theirs)
            shows = text != json.dumps(legacy) or (case["family"] == "other tokens" and bool(drawn.given))
            ms = int(at.timestamp() * 1000)
            transaction = {
                "request": {"method": request["method"], "target": request["target"], "headers": request["headers"], "body": request["body"]},
                "window": {"from": ms - 2000, "to": ms + 4000},
                "legacy": legacy,
                "modern": modern,
            }
            by_route.setdefault(request["route"], []).append((shows, transaction))
        found = False
        for route, all_of in sorted(by_route.items()):
            showing = sum(1 for shows, _ in all_of if shows)
            if showing < 3:
                continue
            found = True
            id = "%s/%s/%s" % (app.name, case["id"], route)
            half = "heldOut" if hashlib.sha256(id.encode()).digest()[0] % 2 else "tuned"
            line = {
                "id": id, "application": app.name, "family": case["family"], "split": half, "label": case["label"], "cause": case["cause"],
                "also": case["also"], "policy": app.policy, "transactions": [transaction for _, transaction in all_of[:wanted]],
            }  # fmt: skip
            if any(shows for shows, _ in all_of[:wanted]):
                print(json.dumps(line))
            if case["label"] == "bug":
                break
        quiet += not found
    shutil.rmtree(folder)
    print("%s: %d of %d changes show in no route often enough" % (app.name, quiet, len(planted)), file=sys.stderr)


# Of the sample: where a file's programs are asked for.
ROUTES_OF = {
    "interests.py": ["interest"], "fees.py": ["fees"], "loans.py": ["loan"], "limits.py": ["limits"], "scoring.py": ["credit-score"],
    "transfers.py": ["transfer"], "statements.py": ["statement"], "accounts.py": ["balance", "transfer"],
}  # fmt: skip


def planted_in(app):
    """Every mutation that compiles, with its id."""
    found = []

    def add(label, cause, family, file, old, new, nth, routes=None):
        sources = changed(app.sources, file, old, new, nth)
        if sources is None:
            return
        try:
            compile(sources[file], file, "exec")
        except SyntaxError:
            print("does not compile: %s %s" % (file, new), file=sys.stderr)
            return
        place = hashlib.sha256((file + old + new + str(nth)).encode()).hexdigest()[:8]
        # A constant may be added, and then shows as one; it may serve a part of the population; a hundredfold one is no hundredfold result.
        is_constant = " = " in old and old.split(" = ")[0].isupper()
        # Cutting is a way of rounding too.
        also = {"rate": ["offset", "attribute"], "unit": ["rate", "offset", "attribute"]}
        id = "%s.%s.%s" % ((cause or "benign").replace(" ", "-"), family.replace(" ", "-"), place)
        found.append({"id": id, "label": label, "cause": cause, "family": family, "also": also.get(cause, []) if is_constant else ["rounding mode"] if cause == "truncation" else [], "sources": sources, "routes": routes})

    generic = [file for file in app.sources if app.name != "bank" or file in ("interests.py", "fees.py", "loans.py", "limits.py", "scoring.py", "transfers.py", "accounts.py", "statements.py")]
    for file in generic:
        for cause, family, *where in mutations.generic(file, app.sources[file]):
            add("bug", cause, family, *where, ROUTES_OF.get(file))
    if app.name == "bank":
        for file, cause, family, old, new in mutations.BANK:
            add("bug", cause, family, file, old, new, 0, ROUTES_OF.get(file))
        benign = mutations.BANK_BENIGN
    else:
        specific, benign = (mutations.LEASING, mutations.LEASING_BENIGN) if app.name == "leasing" else (mutations.PAYROLL, mutations.PAYROLL_BENIGN)
        benign = [(family, app.file, old, new) for family, old, new in benign]
        for cause, family, old, new in specific:
            add("bug", cause, family, app.file, old, new, 0)
    for family, file, old, new in benign:
        if old:
            add("benign", None, family, file, old, new, 0)
    # Two changes that mean nothing mean nothing together.
    for first in range(len(benign)):
        for second in range(first + 1, len(benign)):
            (a, file_a, old_a, new_a), (b, file_b, old_b, new_b) = benign[first], benign[second]
            once = changed(app.sources, file_a, old_a, new_a, 0) if old_a else None
            if (first + second) % 3 or once is None or not old_b or changed(once, file_b, old_b, new_b, 0) is None:
                continue
            twice = changed(once, file_b, old_b, new_b, 0)
            try:
                compile(twice[file_b], file_b, "exec")
            except SyntaxError:
                continue
            id = "benign.%s+%s" % (a.replace(" ", "-"), b.replace(" ", "-"))
            found.append({"id": id, "label": "benign", "cause": None, "family": "two at once", "also": [], "sources": twice, "routes": None})
    return found


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--only", default="")
    parser.add_argument("--transactions", type=int, default=40)
    options = parser.parse_args()
    apps = [
        Bank(),
        Single(
            "leasing",
            ["answer/reference", "answer/receipt", "payments.token"],
            ["answer/at", "answer/printed", "audit.at"],
            {"contracts": ["contracts.id", "answer/contract", "payments.contract", "audit.contract"], "payments": ["payments.id"], "audit": ["audit.id"]},
        ),
        Single(
            "payroll",
            ["answer/Body/payslipResult/Slip", "payslips.slip"],
            ["answer/Body/payslipResult/PrintedAt"],
            {"payslips": ["payslips.id"], "leave": ["leave.id"], "journal": ["journal.id"]},
        ),
    ]
    for app in apps:
        if options.only in ("", app.name):
            cases_of(app, planted_in(app), options.seed, options.transactions)


main()
