"""Answers requests with the shop of core/blueprint/fixtures/constructs and says which outcomes its conditions had, as CPython sees them.

argv: the folder of the shop, the file of its database. On stdin a list of [method, path, params]; on stdout, for each request, the
sorted outcomes: "condition shop.py:12:8 yes", "loop shop.py:20:17 none", "handler server.py:24".
"""
import ast
import json
import os
import sqlite3
import sys
import types

FOLDER, DATABASE = sys.argv[1:3]
taken = set()
first = {}


def both(kind, key, value):
    taken.add("%s %s %s" % (kind, key, "yes" if value else "no"))
    return value


def each(key, items):
    count = 0
    for item in items:
        if count == 0:
            taken.add("loop %s some" % key)
        count += 1
        yield item
    if count == 0:
        taken.add("loop %s none" % key)


def begin(key):
    first[key] = True


def turn(key, value):
    if first[key]:
        taken.add("loop %s %s" % (key, "some" if value else "none"))
    first[key] = False
    return value


def caught(key):
    taken.add("handler %s" % key)


class Watch(ast.NodeTransformer):
    def __init__(self, file):
        self.file = file

    def key(self, node):
        return ast.Constant("%s:%d:%d" % (self.file, node.lineno, node.col_offset + 1))

    def call(self, name, *args):
        return ast.Call(ast.Name("__%s__" % name, ast.Load()), list(args), [])

    def tested(self, test):
        return self.call("both", ast.Constant("condition"), self.key(test), self.visit(test))

    def visit_If(self, node):
        node.test = self.tested(node.test)
        node.body = self.block(node.body)
        node.orelse = self.block(node.orelse)
        return node

    def visit_IfExp(self, node):
        return ast.IfExp(self.tested(node.test), self.visit(node.body), self.visit(node.orelse))

    def visit_While(self, node):
        key = self.key(node.test)
        node.test = self.call("turn", key, self.visit(node.test))
        node.body = self.block(node.body)
        return [ast.Expr(self.call("begin", key)), node]

    def walked(self, items):
        bound = items
        if isinstance(items, ast.Call) and isinstance(items.func, ast.Name) and items.func.id == "range":
            bound = items.args[0] if len(items.args) == 1 else items.args[1]
        return self.call("each", self.key(bound), self.visit(items))

    def visit_For(self, node):
        node.iter = self.walked(node.iter)
        node.body = self.block(node.body)
        return node

    def visit_comprehension(self, node):
        node.iter = self.walked(node.iter)
        node.ifs = [self.tested(test) for test in node.ifs]
        return node

    def visit_BoolOp(self, node):
        *others, last = node.values
        watched = [self.call("both", ast.Constant("value"), self.key(one), self.visit(one)) for one in others]
        return ast.BoolOp(node.op, [*watched, self.visit(last)])

    def visit_ExceptHandler(self, node):
        key = ast.Constant("%s:%d" % (self.file, node.lineno))
        node.body = [ast.Expr(self.call("caught", key)), *self.block(node.body)]
        return node

    def block(self, body):
        found = []
        for statement in body:
            written = self.visit(statement)
            found.extend(written if isinstance(written, list) else [written])
        return found


def load(name):
    file = name + ".py"
    with open(os.path.join(FOLDER, file), encoding="utf8") as source:
        tree = ast.fix_missing_locations(Watch(file).visit(ast.parse(source.read())))
    module = types.ModuleType(name)
    for word in (both, each, begin, turn, caught):
        module.__dict__["__%s__" % word.__name__] = word
    sys.modules[name] = module
    exec(compile(tree, file, "exec"), module.__dict__)
    return module


load("faults")
shop = load("shop")
server = load("server")
shop.FILE = DATABASE
con = sqlite3.connect(DATABASE)
con.executescript(shop.DDL)
con.execute("INSERT INTO items (name, price, stock, note) VALUES ('nail', 0.5, 10, 'old')")
con.commit()
con.close()
told = []
for method, path, params in json.load(sys.stdin):
    taken.clear()
    try:
        server.answer({"method": method, "path": path, "params": params, "headers": {}})
    except Exception:
        pass
    told.append(sorted(taken))
json.dump(told, sys.stdout)
