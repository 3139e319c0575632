import type { Blueprint } from "../../contract/blueprint.ts";
import type { Graph } from "../../contract/graph.ts";
import { type Expr, type IrFunction, type Span, type Stmt, visitExprs } from "../../contract/ir.ts";
import { driftOf, ops } from "../../contract/ops.ts";
import type { CallPlace, CutPlan, LineReason, PlannedFunction, SourceSlice, Witness } from "../../contract/plan.ts";
import { sourceName } from "./slice.ts";
import { listed, unique } from "./words.ts";

type Words = LineReason["reasons"][number];

/** Why each line of the slice is in it. `texts`: path -> source. Lines that have nothing to do with the slice are not named. */
export function sliceOf(graph: Graph, blueprint: Blueprint, plan: CutPlan, texts: Readonly<Record<string, string>>): SourceSlice {
	const found = new Map<string, Map<number, LineReason>>();
	const add = (file: string, line: number, owner: string, role: LineReason["role"], words: Words) => {
		const lines = found.get(file) ?? new Map<number, LineReason>();
		found.set(file, lines);
		const known = lines.get(line) ?? { line, owner, role, reasons: [] };
		if (!known.reasons.some((one) => one.text === words.text)) known.reasons.push(words);
		if (weight[role] > weight[known.role]) known.role = role;
		lines.set(line, known);
	};
	const planned = new Map([...plan.moves, ...plan.copies].map((one) => [one.function, one]));
	for (const fn of blueprint.functions) {
		const owner = sourceName(fn.id);
		const entry = planned.get(owner);
		if (entry !== undefined) add(entry.file, entry.line, owner, "signature", whyFunction(entry, plan));
		// A dispatcher is read once for each route; the same words twice are one.
		explainBody(fn, blueprint, (line, role, words) => add(fn.span.file, line, owner, role, words));
	}
	for (const { id, span, usedBy } of plan.constants)
		for (let line = span.line; line <= span.endLine; line++)
			add(span.file, line, id, "data", {
				text: `The constant ${id} is used by ${listed(usedBy)}.`,
				witnesses: usedBy.map(functionWitness),
			});
	for (const { id, span } of plan.exceptions)
		for (let line = span.line; line <= span.endLine; line++)
			add(span.file, line, id, "data", { text: `The slice raises ${id}; the service has it with the same fields.`, witnesses: [] });
	for (const rule of plan.rules)
		add(rule.span.file, rule.span.line, ownerAt(blueprint, rule.span), "rule", {
			text: `Rule ${rule.id}, ${rule.kind}: ${rule.text}`,
			witnesses: [],
		});
	const paths = unique([...graph.files.map((file) => file.path)]).filter((path) => found.has(path) && texts[path] !== undefined);
	const files = paths.map((path) => {
		const text = texts[path] as string;
		const lines = found.get(path) ?? new Map<number, LineReason>();
		for (const one of planned.values()) if (one.file === path) explainRest(one, text, lines);
		return { path, text, lines: [...lines.values()].sort((a, b) => a.line - b.line) };
	});
	return { unit: blueprint.unit, files, ways: waysOf(plan) };
}

const weight = { comment: 0, "left-out": 1, code: 2, data: 3, signature: 4, rule: 5, refusal: 6 } as const;
const functionWitness = (name: string): Witness => ({ kind: "function", name });

function whyFunction(one: PlannedFunction, plan: CutPlan): Words {
	const route = plan.routes.find((item) => item.handler === one.function);
	if (route !== undefined)
		return {
			text: `${one.function} answers ${route.method} ${route.path}: here the cut begins.`,
			witnesses: [{ kind: "route", name: `${route.method} ${route.path}` }],
		};
	const callers = unique(one.calledBy.map((place) => place.caller));
	if (callers.length === 0)
		return { text: `${one.function} hands requests on to the handlers; the service needs it for its own routes only.`, witnesses: [] };
	return {
		text: `${one.function} is in because ${listed(callers)} ${callers.length === 1 ? "calls" : "call"} it.`,
		witnesses: one.calledBy.map(({ file, line }) => ({ kind: "line", file, line })),
	};
}

type Explain = (line: number, role: LineReason["role"], words: Words) => void;

function explainBody(fn: IrFunction, blueprint: Blueprint, explain: Explain): void {
	const uses = usesOfLocals(fn);
	const visit = (body: readonly Stmt[]) => {
		for (const stmt of body) {
			explainStatement(stmt, fn, uses, blueprint, explain);
			for (const inner of blocksOf(stmt)) visit(inner);
		}
	};
	visit(fn.body);
}

/** What a statement itself does; what stands inside of it explains itself. */
function explainStatement(stmt: Stmt, fn: IrFunction, uses: ReadonlyMap<string, number[]>, blueprint: Blueprint, explain: Explain): void {
	const { file } = stmt.span;
	const say = (text: string, role: LineReason["role"] = "code", witnesses: Words["witnesses"] = []) => {
		for (const line of ownLines(stmt)) explain(line, role, { text, witnesses });
	};
	switch (stmt.kind) {
		case "assign": {
			const names = namesIn(stmt.target);
			const lines = unique(names.flatMap((name) => uses.get(name) ?? [])).filter((line) => line !== stmt.span.line);
			if (names.length > 0)
				say(
					lines.length === 0
						? `Sets ${listed(names)}.`
						: `Sets ${listed(names)}, used at ${lines.length === 1 ? "line" : "lines"} ${listed(lines.map(String), 6)}.`,
					"code",
					lines.map((line) => ({ kind: "line", file, line })),
				);
			break;
		}
		case "return":
			say(`Ends ${sourceName(fn.id)} with its answer.`);
			break;
		case "raise":
			say(`Refuses with ${stmt.exception}${codeOf(stmt.args)}.`, "refusal");
			break;
		case "if":
			say(`Decides whether line ${stmt.then[0]?.span.line ?? stmt.span.line} runs.`);
			break;
		case "forEach":
		case "forRange":
		case "while":
			say(`Repeats the lines to ${stmt.span.endLine}.`);
			break;
		case "try": {
			const caught = unique(stmt.handlers.flatMap((handler) => (handler.exceptions.length === 0 ? ["every error"] : handler.exceptions)));
			const last = stmt.finally.length > 0 ? "Runs the lines after finally whatever happens" : "";
			say(`${[caught.length === 0 ? "" : `Catches ${listed(caught)}`, last].filter(Boolean).join(". ")}.`);
			break;
		}
		case "transaction":
			say(`${{ begin: "Begins", commit: "Commits", rollback: "Undoes" }[stmt.action]} the transaction.`);
			break;
		case "reraise":
			say("Passes the error on.");
			break;
		case "expr": {
			const { value } = stmt;
			if (value.kind === "op") say(`In legacy: ${meaningOf(value.op)}.`);
			break;
		}
		case "break":
		case "continue":
			say(stmt.kind === "break" ? "Leaves the loop." : "Goes on with the next round of the loop.");
			break;
	}
	for (const expr of ownExprs(stmt)) explainExpr(expr, blueprint, explain);
}

function explainExpr(expr: Expr, blueprint: Blueprint, explain: Explain): void {
	const { line, file } = expr.span;
	if (expr.kind === "call")
		explain(line, "code", { text: `Calls ${sourceName(expr.function)}.`, witnesses: [functionWitness(sourceName(expr.function))] });
	if (expr.kind === "sql") {
		const statement = blueprint.statements.find((one) => one.id === expr.statement);
		if (statement === undefined) return;
		const verb = { select: "Reads", insert: "Adds to", update: "Changes", delete: "Deletes from" }[statement.kind];
		const words = {
			text: `${verb} ${listed(statement.tables)}: ${statement.sql.replace(/\s+/g, " ")}`,
			witnesses: statement.tables.map((name): Witness => ({ kind: "table", name })),
		};
		for (let at = line; at <= expr.span.endLine; at++) explain(at, "code", words);
	}
	if (expr.kind !== "op") return;
	const drift = driftOf(expr.op);
	if (drift)
		explain(line, "code", {
			text: `Drift site (${drift.cause}): legacy ${drift.legacy}; the usual spelling ${drift.idiom}.`,
			witnesses: [{ kind: "line", file, line }],
		});
	const chance = blueprint.nonDeterminism.find((one) => one.expr === expr.id);
	if (chance) {
		const fields = chance.fields.length === 0 ? "no answer and no row holds it" : `it ends in ${listed(chance.fields)}`;
		explain(line, "code", { text: `Asks ${chance.kind === "clock" ? "the clock" : "for a random value"}; ${fields}.`, witnesses: [] });
	}
}

/** What is left of a function: signature over several lines, comments, and lines that the service does without. */
function explainRest(one: PlannedFunction, text: string, lines: Map<number, LineReason>): void {
	const all = text.split(/\r?\n/);
	for (let line = one.line; line <= one.endLine; line++) {
		if (lines.has(line)) continue;
		const content = (all[line - 1] ?? "").trim();
		if (content === "") continue;
		const before = lines.get(line - 1);
		const isComment = content.startsWith("#");
		const isClosing = /^[)\]}]+[,:]?$|^(else|finally)\s*:$|^try\s*:$/.test(content);
		if (isComment)
			lines.set(line, {
				line,
				owner: one.function,
				role: "comment",
				reasons: [{ text: "A comment; it goes with the function.", witnesses: [] }],
			});
		else if (isClosing && before)
			lines.set(line, { line, owner: one.function, role: "code", reasons: [{ text: "Belongs to the lines around it.", witnesses: [] }] });
		else
			lines.set(line, {
				line,
				owner: one.function,
				role: "left-out",
				reasons: [
					{
						text: "The service does without this line: for its routes the outcome is settled, or it changes neither answer nor rows.",
						witnesses: [],
					},
				],
			});
	}
}

/** For each function the calls that lead to it, from the route's entry on; the shortest way. */
function waysOf(plan: CutPlan): Record<string, CallPlace[]> {
	const all = [...plan.moves, ...plan.copies];
	const ways: Record<string, CallPlace[]> = {};
	const roots = all.filter((one) => one.calledBy.length === 0 || plan.routes.some((route) => route.handler === one.function));
	const queue: string[] = [];
	for (const root of roots) {
		const entry = plan.routes.some((route) => route.handler === root.function) ? root.calledBy.slice(0, 1) : [];
		ways[root.function] = entry;
		queue.push(root.function);
	}
	for (const name of queue) {
		for (const next of all) {
			const place = next.calledBy.find((call) => call.caller === name);
			if (place === undefined || ways[next.function] !== undefined) continue;
			ways[next.function] = [...(ways[name] ?? []), place];
			queue.push(next.function);
		}
	}
	return ways;
}

/** The lines that only the statement itself stands on: its head, where it has a body. */
function ownLines(stmt: Stmt): number[] {
	const inner = blocksOf(stmt).flat();
	const first = Math.min(...inner.map((one) => one.span.line), Number.POSITIVE_INFINITY);
	const end = inner.length > 0 ? Math.max(stmt.span.line, first - 1) : stmt.span.endLine;
	if (stmt.kind === "try") return [stmt.span.line, ...stmt.handlers.map((handler) => handler.span.line)];
	return Array.from({ length: Math.max(1, end - stmt.span.line + 1) }, (_, at) => stmt.span.line + at);
}

function blocksOf(stmt: Stmt): Stmt[][] {
	switch (stmt.kind) {
		case "if":
			return [stmt.then, stmt.otherwise];
		case "while":
		case "forEach":
		case "forRange":
			return [stmt.body];
		case "try":
			return [stmt.body, ...stmt.handlers.map((handler) => handler.body), stmt.otherwise, stmt.finally];
		default:
			return [];
	}
}

/** Expressions of the statement that are not inside its blocks. */
function ownExprs(stmt: Stmt): Expr[] {
	const hollow = Object.fromEntries(
		Object.entries(stmt).filter(([key]) => !["then", "otherwise", "body", "handlers", "finally"].includes(key)),
	);
	const found: Expr[] = [];
	visitExprs(hollow as Stmt, (expr) => found.push(expr));
	return found;
}

function namesIn(target: Extract<Stmt, { kind: "assign" }>["target"]): string[] {
	if (target.kind === "name") return [target.name];
	return target.kind === "unpack" ? target.items.flatMap(namesIn) : [];
}

function usesOfLocals(fn: IrFunction): Map<string, number[]> {
	const uses = new Map<string, number[]>();
	visitExprs(fn, (expr) => {
		if (expr.kind === "local") uses.set(expr.name, unique([...(uses.get(expr.name) ?? []), expr.span.line]));
	});
	return uses;
}

const meaningOf = (op: string) => (ops as Record<string, { meaning: string }>)[op]?.meaning ?? op;

const codeOf = (args: readonly Expr[]) => {
	const [first] = args;
	return first?.kind === "const" && first.value.kind === "str" ? ` ${first.value.value}` : "";
};

function ownerAt(blueprint: Blueprint, span: Span): string {
	const holds = blueprint.functions.find(
		(fn) => fn.span.file === span.file && fn.span.line <= span.line && fn.span.endLine >= span.endLine,
	);
	return holds === undefined ? blueprint.unit : sourceName(holds.id);
}
