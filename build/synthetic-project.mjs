// Writes a large Python project for measuring: the same seed gives the same files, and they can be imported and run.
//   node build/synthetic-project.mjs DIR [--functions 20000] [--seed 1]
// Shape (see shared measurements): sqrt(n)/2 packages of modules of about 20 functions, 1.9 calls a function, four of five inside
// the package, a request handler with a table of routes, and a schema that some functions read and write.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const domains =
	"payments cards loans deposits transfers customers ledger fees interest mortgages savings treasury compliance fraud scoring limits branches terminals statements settlement clearing collateral custody funds insurance leasing pensions rates reporting risk taxes trading wires".split(
		" ",
	);
const layers = "core rules batch screens".split(" ");
const topics =
	"account balance booking calendar charge check claim closing commission contract currency customer deposit discount due entry exchange format history holder index instalment interest invoice item journal key letter limit mandate margin notice order party period plan position posting price product rate receipt record report request reserve round rule schedule score session share slip split stamp state sum tariff term text ticket total transfer trust unit value voucher window year".split(
		" ",
	);
const verbs =
	"add adjust apply assign block book build cancel check clear close collect compare compute convert copy cut decide derive draw enter expand fetch fill find fix fold format gather group hold issue join level list load lock mark match merge move open order pay pick plan post price print prove put rank read record refuse release renew repay reset resolve return round scan score seal select send set settle sign sort split stamp start stop store sum take test trim update validate verify void weigh write".split(
		" ",
	);

/** @param {number} seed */
function randomFrom(seed) {
	let state = seed >>> 0;
	return () => {
		state = (state + 0x6d2b79f5) >>> 0;
		let t = Math.imul(state ^ (state >>> 15), 1 | state);
		t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
		return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
	};
}

/**
 * @typedef {{ name: string; module: string; pkg: number; at: number }} Fn
 * @param {string} dir @param {{ functions?: number; seed?: number }} [options]
 */
export function writeSyntheticProject(dir, { functions = 20_000, seed = 1 } = {}) {
	const random = randomFrom(seed);
	const below = (/** @type {number} */ n) => Math.floor(random() * n);
	/** @template T @param {readonly T[]} list @returns {T} */
	const pick = (list) => /** @type {T} */ (list[below(list.length)]);
	const packages = Math.max(2, Math.round(Math.sqrt(functions) / 2));
	const tables = Array.from({ length: Math.max(4, Math.round(functions / 150)) }, (_, index) => {
		const topic = topics[index % topics.length];
		const round = Math.floor(index / topics.length);
		return round === 0 ? `${topic}s` : `${topic}s_${domains[(index * 7) % domains.length]}`;
	});
	const weights = Array.from({ length: packages }, () => 0.35 + random() ** 2 * 2);
	const whole = weights.reduce((sum, weight) => sum + weight, 0);
	/** @type {Fn[]} */
	const all = [];
	/** @type {Fn[][]} */
	const inPackage = [];
	/** @type {Map<string, Fn[]>} */
	const modules = new Map();
	let left = functions;
	for (let pkg = 0; pkg < packages; pkg++) {
		const share =
			pkg === packages - 1
				? left
				: Math.max(4, Math.min(left - 4 * (packages - pkg - 1), Math.round((functions * (weights[pkg] ?? 1)) / whole)));
		left -= share;
		const name = `${domains[pkg % domains.length]}_${layers[Math.floor(pkg / domains.length) % layers.length]}`;
		/** @type {Fn[]} */
		const members = [];
		inPackage.push(members);
		for (let made = 0, serial = 0; made < share; serial++) {
			const size = Math.min(share - made, 4 + below(33));
			const round = Math.floor(serial / topics.length);
			const module = `${name}.${topics[(serial * 5 + pkg * 3) % topics.length]}${round === 0 ? "" : round + 1}`;
			const list = modules.get(module) ?? [];
			modules.set(module, list);
			const used = new Set(list.map((one) => one.name));
			for (let index = 0; index < size; index++) {
				const topic = module.slice(module.lastIndexOf(".") + 1).replace(/\d+$/, "");
				let text = `${pick(verbs)}_${random() < 0.5 ? topic : pick(topics)}`;
				for (let again = 2; used.has(text); again++) text = `${text.replace(/_\d+$/, "")}_${again}`;
				used.add(text);
				const fn = { name: text, module, pkg, at: all.length };
				list.push(fn);
				members.push(fn);
				all.push(fn);
			}
			made += size;
		}
	}

	for (let pkg = 0; pkg < packages; pkg++) mkdirSync(join(dir, folderOf(inPackage[pkg]?.[0]?.module ?? "x.y")), { recursive: true });
	for (const folder of new Set([...modules.keys()].map(folderOf))) writeFileSync(join(dir, folder, "__init__.py"), "");
	let calls = 0;
	for (const [module, list] of modules) {
		/** @type {Map<string, Set<string>>} */
		const imports = new Map();
		let body = "";
		for (const fn of list) {
			const amount = Math.floor(random() * 4 + 0.5);
			/** @type {Fn[]} */
			const targets = [];
			for (let call = 0; call < amount; call++) {
				const inside = random() < 0.8 || fn.pkg === 0;
				// Only functions before this one, so that the modules can import each other.
				const members = inPackage[fn.pkg] ?? [];
				const first = members[0]?.at ?? 0;
				const near = inside && random() < 0.5 ? list.filter((one) => one.at < fn.at) : [];
				const pool = near.length > 0 ? near : inside ? members.slice(0, fn.at - first) : all.slice(0, first);
				if (pool.length === 0) continue;
				// A few functions are known to everybody.
				const target = /** @type {Fn} */ (random() < 0.12 ? pool[Math.floor(random() ** 3 * pool.length)] : pick(pool));
				if (targets.includes(target)) continue;
				targets.push(target);
				if (target.module !== module) imports.set(target.module, (imports.get(target.module) ?? new Set()).add(target.name));
			}
			calls += targets.length;
			body += functionText(fn, targets, { random, below, tables, home: module });
		}
		const lines = [...imports]
			.sort(([a], [b]) => (a < b ? -1 : 1))
			.map(
				([from, names]) =>
					`from ${from} import ${[...names]
						.sort()
						.map((name) => `${name} as ${aliasOf(from, name)}`)
						.join(", ")}`,
			);
		writeFileSync(
			join(dir, `${module.replaceAll(".", "/")}.py`),
			`"""${module}: written for measuring."""\n${lines.join("\n")}\n\n${body}`,
		);
	}

	const routes = Array.from({ length: Math.max(3, Math.round(functions / 80)) }, (_, index) => {
		const fn = /** @type {Fn} */ (all[Math.floor(((index + 0.5) / Math.max(3, Math.round(functions / 80))) * all.length)]);
		return { method: index % 3 === 0 ? "POST" : "GET", path: `/${fn.module.replace(".", "/")}/${fn.name.replaceAll("_", "-")}`, fn };
	});
	writeFileSync(join(dir, "front.py"), frontText(routes));
	writeFileSync(
		join(dir, "schema.sql"),
		tables
			.map((table) => `CREATE TABLE ${table} (id INTEGER PRIMARY KEY, party TEXT NOT NULL, amount NUMERIC NOT NULL, state TEXT);\n`)
			.join(""),
	);
	return { functions: all.length, modules: modules.size, packages, calls, routes: routes.length, tables: tables.length };
}

const folderOf = (/** @type {string} */ module) => module.slice(0, module.lastIndexOf(".")).replaceAll(".", "/");
const aliasOf = (/** @type {string} */ module, /** @type {string} */ name) => `${module.replaceAll(".", "_")}_${name}`;

/** @param {Fn} fn @param {Fn[]} targets @param {{ random(): number; below(n: number): number; tables: string[]; home: string }} tools */
function functionText(fn, targets, { random, below, tables, home }) {
	const usesTable = random() < 0.1;
	const lines = [`def ${fn.name}(value, party="", connection=None):`];
	const branches = Math.floor(random() ** 3 * 14);
	lines.push(`    total = value + ${below(90)}`);
	for (let branch = 0; branch < branches; branch++) {
		if (branch % 3 === 2) lines.push(`    for step in range(${1 + below(4)}):`, `        total += step * ${1 + below(9)}`);
		else lines.push(`    if total > ${10 + below(900)}:`, `        total -= ${1 + below(40)}`);
	}
	for (const target of targets) {
		const name = target.module === home ? target.name : aliasOf(target.module, target.name);
		lines.push(`    total += ${name}(total % ${7 + below(90)}, party, connection)`);
	}
	if (usesTable) {
		// A package owns some tables; now and then it touches another's.
		const own = random() < 0.8 ? (fn.pkg * 2 + below(2)) % tables.length : below(tables.length);
		const table = tables[own];
		if (random() < 0.6)
			lines.push(
				`    rows = connection.execute("SELECT amount FROM ${table} WHERE party = ?", (party,)).fetchall()`,
				"    total += len(rows)",
			);
		else lines.push(`    connection.execute("UPDATE ${table} SET amount = amount + ? WHERE party = ?", (total, party))`);
	}
	lines.push("    return total");
	return `${lines.join("\n")}\n\n\n`;
}

/** @param {{ method: string; path: string; fn: Fn }[]} routes */
function frontText(routes) {
	const imports = routes.map(({ fn }) => `from ${fn.module} import ${fn.name} as ${aliasOf(fn.module, fn.name)}`).join("\n");
	const rows = routes.map(({ method, path, fn }) => `    ("${method}", "${path}"): ${aliasOf(fn.module, fn.name)},`).join("\n");
	return `"""The door: which function answers which request."""
import sqlite3
from http.server import BaseHTTPRequestHandler, HTTPServer

${imports}

ROUTES = {
${rows}
}


def serve(method, path, value, party):
    program = ROUTES.get((method, path))
    if program is None:
        return "unknown"
    return str(program(value, party, sqlite3.connect("bank.db")))


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.answer(serve("GET", self.path, 1, "nobody"))

    def do_POST(self):
        self.answer(serve("POST", self.path, 1, "nobody"))

    def answer(self, text):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(text.encode())


def main():
    HTTPServer(("127.0.0.1", 9191), Handler).serve_forever()


if __name__ == "__main__":
    main()
`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
	const { positionals, values } = parseArgs({
		allowPositionals: true,
		options: { functions: { type: "string" }, seed: { type: "string" } },
	});
	const [dir] = positionals;
	const [functions, seed] = [Number(values.functions ?? 20_000), Number(values.seed ?? 1)];
	if (dir === undefined || !(functions >= 20) || !Number.isInteger(seed)) {
		console.error("usage: node build/synthetic-project.mjs DIR [--functions 20000] [--seed 1]");
		process.exit(2);
	}
	console.log(JSON.stringify(writeSyntheticProject(dir, { functions, seed })));
}
