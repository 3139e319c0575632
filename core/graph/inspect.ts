import { Fault } from "../base/index.ts";
import type { Graph, GraphNode, Inspection } from "../contract/graph.ts";
import { bareName, functionNode, type GraphIndex, indexGraph } from "./reach.ts";

/**
 * What an architect wants to know before cutting. `sources`: file (as in the node) -> text.
 * Callers and callees are dotted names; module-level callers are given as `module <name>`.
 * Throws FUNCTION_UNKNOWN.
 */
export function inspectFunction(
	graph: Graph,
	id: string,
	sources: Readonly<Record<string, string>>,
	index: GraphIndex = indexGraph(graph),
): Inspection {
	const wanted = id.startsWith("function:") ? id : functionNode(id);
	const node = graph.nodes.find((item) => item.id === wanted && item.kind === "function");
	if (!node) throw new Fault("FUNCTION_UNKNOWN", { name: id, near: nearNames(graph, id).join(", ") || "none" });
	const spoken = (other: string) => (other.startsWith("module:") ? `module ${bareName(other)}` : bareName(other));
	const closure = index.closure(wanted);
	const members = [...closure];
	const reads = unique(members.flatMap((member) => index.reads(member)));
	const writes = unique(members.flatMap((member) => index.writes(member)));
	const routes = index.routes(wanted);
	const text = (sources[node.file] ?? "")
		.split(/\r?\n/)
		.slice(node.line - 1, node.endLine)
		.join("\n");
	const effort = node.complexity + closure.size;
	const lines = graph.nodes.filter((item) => closure.has(item.id)).reduce((sum, item) => sum + item.loc, 0);
	return {
		node,
		callers: unique(index.callers(wanted)).map(spoken),
		callees: unique(index.callees(wanted)).map(spoken),
		routes,
		reads,
		writes,
		reasons: reasonsOf(graph, index, node, { closure, lines, reads, writes, routes: routes.length }),
		effort: effort <= 12 ? "small" : effort <= 30 ? "medium" : "large",
		risk: writes.length === 0 ? "low" : node.isolation >= 0.4 ? "medium" : "high",
		source: { file: node.file, from: node.line, text },
	};
}

type Facts = { closure: ReadonlySet<string>; lines: number; reads: string[]; writes: string[]; routes: number };

function reasonsOf(graph: Graph, index: GraphIndex, node: GraphNode, facts: Facts): Inspection["reasons"] {
	const { closure, lines, reads, writes, routes } = facts;
	const reasons: Inspection["reasons"] = [];
	const shared = [...closure].slice(1).filter((member) => index.callers(member).some((caller) => !closure.has(caller)));
	reasons.push(
		routes === 0
			? { good: false, text: "No HTTP route reaches it, so no traffic could prove a replacement." }
			: {
					good: true,
					text: `${count(routes, "route")} ${routes === 1 ? "reaches" : "reach"} it, so live traffic can prove a replacement.`,
				},
	);
	reasons.push({
		good: closure.size <= 15,
		text: `The cut takes ${count(closure.size, "function")} and ${count(lines, "line")} of code.`,
	});
	if (writes.length === 0) reasons.push({ good: true, text: "It changes no row: nothing can be doubled." });
	else {
		const others = unique(writes.flatMap((table) => index.writers(table).filter((writer) => !closure.has(writer))));
		reasons.push({
			good: others.length === 0,
			text: `It writes ${writes.join(", ")}${others.length ? `, as ${count(others.length, "other function")} also ${others.length === 1 ? "does" : "do"}` : ", and nobody else does"}.`,
		});
	}
	if (reads.length > 0) reasons.push({ good: true, text: `It reads ${reads.join(", ")}.` });
	if (shared.length > 0)
		reasons.push({
			good: shared.length < 10,
			text: `${count(shared.length, "called function")} ${shared.length === 1 ? "is" : "are"} shared with other code and will be copied.`,
		});
	const outside = Map.groupBy(
		(graph.outside ?? []).filter((item) => closure.has(item.from) && item.kind !== "database"),
		(item) => item.kind,
	);
	if (outside.size > 0) {
		const spoken = [...outside].map(
			([kind, calls]) =>
				`${kind} (${unique(calls.map((call) => call.what))
					.slice(0, 3)
					.join(", ")})`,
		);
		reasons.push({ good: [...outside.keys()].every((kind) => kind === "clock"), text: `It talks to the outside: ${spoken.join(", ")}.` });
	}
	const dark = graph.unresolved.filter((item) => closure.has(item.from));
	if (dark.length > 0)
		reasons.push({ good: false, text: `${count(dark.length, "call")} inside could not be resolved, such as ${dark[0]?.text}.` });
	reasons.push({ good: node.complexity <= 10, text: `Its own complexity is ${node.complexity}.` });
	return reasons;
}

const count = (n: number, noun: string) => `${n} ${noun}${n === 1 ? "" : "s"}`;
const unique = (items: string[]) => [...new Set(items)];

/** The dotted id of a function given by it, by its node, or by a bare name that only one function has. Throws FUNCTION_UNKNOWN. */
export function resolveFunction(graph: Graph, asked: string): string {
	const all = graph.nodes.filter((node) => node.kind === "function").map((node) => node.id.slice("function:".length));
	const dotted = asked.startsWith("function:") ? asked.slice("function:".length) : asked;
	if (all.includes(dotted)) return dotted;
	const byName = all.filter((id) => id.endsWith(`.${dotted}`));
	const [only] = byName;
	if (only && byName.length === 1) return only;
	const near = byName.length > 1 ? byName : nearNames(graph, dotted);
	throw new Fault("FUNCTION_UNKNOWN", { name: asked, near: near.join(", ") || "none" });
}

/** Functions whose name is close to what was asked for, best first, at most five, dotted. */
export function nearNames(graph: Graph, asked: string): string[] {
	const wanted = bareName(asked).toLowerCase();
	const last = wanted.slice(wanted.lastIndexOf(".") + 1);
	return graph.nodes
		.filter((node) => node.kind === "function")
		.map((node) => ({
			name: bareName(node.id),
			far: Math.min(distance(wanted, bareName(node.id).toLowerCase()), distance(last, node.name.toLowerCase())),
		}))
		.filter((item) => item.far <= Math.max(3, last.length / 2))
		.sort((a, b) => a.far - b.far || (a.name < b.name ? -1 : 1))
		.slice(0, 5)
		.map((item) => item.name);
}

/** Levenshtein's distance. */
function distance(a: string, b: string): number {
	let row = Array.from({ length: b.length + 1 }, (_, at) => at);
	for (let i = 1; i <= a.length; i++) {
		const next = [i];
		for (let j = 1; j <= b.length; j++) {
			next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)));
		}
		row = next;
	}
	return row[b.length] ?? 0;
}

/**
 * Handlers in the order in which to extract them: score = isolation * (1 + min(complexity, 30) / 30), so that among equally
 * isolated ones the one with more logic comes first. Ties by name.
 */
export function extractFirst(graph: Graph): { function: string; score: number }[] {
	const handlers = new Set(graph.routes.map((route) => functionNode(route.handler)));
	return graph.nodes
		.filter((node) => handlers.has(node.id))
		.map((node) => ({ function: bareName(node.id), score: node.isolation * (1 + Math.min(node.complexity, 30) / 30) }))
		.sort((a, b) => b.score - a.score || (a.function < b.function ? -1 : 1));
}
