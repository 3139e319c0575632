import type { Graph, GraphEdge, GraphNode } from "../contract/graph.ts";
import {
	bareName,
	complexityOf,
	functionNode,
	locOf,
	moduleNode,
	namesOf,
	type PointsTo,
	type Program,
	pointsToSteps,
	routeNode,
	routesOf,
	schemaOf,
	tableNode,
	visitBody,
	weigherSteps,
} from "../graph/index.ts";
import { programCalls } from "./calls.ts";
import { accessOf } from "./tables.ts";

/** Program -> graph: resolves names, calls, routes and tables. Pure; `scanMs` is left 0. */
export function assembleGraph(program: Program): Graph {
	const steps = assembleSteps(program);
	for (;;) {
		const { done, value } = steps.next();
		if (done) return value;
	}
}

/** How far an assembly is. */
export type Assembled = { done: number; total: number; unit: "modules" | "bodies" | "functions" };

/** The same in small steps, so that whoever runs them can do other things in between: a large program takes seconds. */
export function* assembleSteps(program: Program): Generator<Assembled, Graph> {
	const total = program.modules.length;
	yield { done: 0, total, unit: "modules" };
	const names = namesOf(program);
	yield { done: 0, total, unit: "modules" };
	const schema = schemaOf(program);
	yield { done: 0, total, unit: "modules" };
	const edges = createEdges();
	const nodes: GraphNode[] = [];
	const found = programCalls(program, yield* followed(program));
	const callsFrom = Map.groupBy(found.calls, (call) => call.from);
	const unresolved: Graph["unresolved"] = found.unresolved;
	const tableNames = new Map([...schema.values()].map((table) => [table.name, table.ddl]));
	const changedState = new Map<string, number>();
	const moduleState: NonNullable<Graph["moduleState"]> = [];

	for (const [order, module] of program.modules.entries()) {
		yield { done: order, total, unit: "modules" };
		const id = moduleNode(module.name);
		const shape = { file: module.file, line: 1, endLine: module.lines.length, isolation: 1, parent: null, loc: countLoc(module.lines) };
		nodes.push({ id, kind: "module", name: module.name, complexity: 0, ...shape });
		const scan = (from: string, body: typeof module.body, decl: (typeof module.functions)[number] | null) => {
			for (const call of callsFrom.get(from) ?? []) for (const line of call.lines) edges.add(from, call.to, "call", line);
			for (const access of accessOf(body, module, decl, names, schema)) {
				if (!tableNames.has(access.table)) tableNames.set(access.table, "");
				edges.add(from, tableNode(access.table), access.kind, access.line);
			}
		};
		scan(id, module.body, null);
		for (const decl of module.functions) {
			const complexity = complexityOf(decl.body);
			const { line, endLine } = decl.span;
			const loc = locOf(decl, module.lines);
			nodes.push({
				id: functionNode(decl.id),
				kind: "function",
				name: decl.name,
				file: module.file,
				line,
				endLine,
				complexity,
				isolation: 1,
				parent: id,
				loc,
			});
			scan(functionNode(decl.id), decl.body, decl);
			const before = moduleState.length;
			visitBody(
				decl.body,
				() => {},
				(stmt) => {
					if (stmt.kind !== "global") return;
					for (const name of stmt.names) moduleState.push({ from: functionNode(decl.id), name, line: stmt.span.line });
				},
			);
			if (moduleState.length > before) changedState.set(functionNode(decl.id), moduleState.length - before);
		}
		for (const item of module.imports) {
			const path = item.names && item.names.name !== "*" ? [item.as] : [item.as.split(".")[0] ?? item.as];
			const meaning = names.meaningOf(module.name, path);
			const target = meaning.kind === "module" ? meaning.module : meaning.kind === "value" ? meaning.value.module : null;
			const owner = target?.name ?? (meaning.kind === "function" || meaning.kind === "class" ? meaning.decl.module : null);
			if (owner && owner !== module.name) edges.add(id, moduleNode(owner), "import", item.span.line);
		}
	}

	yield { done: total, total, unit: "modules" };
	const functions = new Set(program.modules.flatMap((module) => module.functions.map((decl) => decl.id)));
	const routes = routesOf(program, names);
	for (const route of routes) {
		const id = routeNode(route.method, route.path);
		nodes.push({
			id,
			kind: "route",
			name: `${route.method} ${route.path}`,
			file: route.file,
			line: route.line,
			endLine: route.line,
			complexity: 0,
			isolation: 1,
			parent: null,
			loc: 0,
		});
		if (functions.has(route.handler)) edges.add(id, functionNode(route.handler), "route", route.line);
	}
	for (const name of [...tableNames.keys()].sort()) {
		nodes.push({
			id: tableNode(name),
			kind: "table",
			name,
			file: "",
			line: 0,
			endLine: 0,
			complexity: 0,
			isolation: 1,
			parent: null,
			loc: 0,
		});
	}

	const list = edges.list();
	const publicRoutes = routes.map(({ method, path, handler, framework }) => ({ method, path, handler, framework }));
	const weighing = weigherSteps(list, changedState, unresolved);
	let weighed = weighing.next();
	for (; !weighed.done; weighed = weighing.next()) yield { done: 0, total: nodes.length, unit: "functions" };
	const weigh = weighed.value;
	for (const [order, node] of nodes.entries()) {
		yield { done: order, total: nodes.length, unit: "functions" };
		if (node.kind === "function") node.isolation = weigh(node.id);
	}
	const membersOf = Map.groupBy(nodes, (node) => node.parent);
	for (const node of nodes) {
		if (node.kind !== "module") continue;
		const members = membersOf.get(node.id) ?? [];
		node.complexity = members.reduce((sum, member) => sum + member.complexity, 0);
		if (members.length > 0)
			node.isolation = Math.round((1000 * members.reduce((sum, member) => sum + member.isolation, 0)) / members.length) / 1000;
	}
	const users = (name: string, kind: GraphEdge["kind"]) =>
		list
			.filter((edge) => edge.kind === kind && edge.to === tableNode(name) && edge.from.startsWith("function:"))
			.map((edge) => bareName(edge.from));
	return {
		root: program.root,
		language: program.language,
		nodes,
		edges: list,
		routes: publicRoutes,
		tables: [...tableNames.keys()]
			.sort()
			.map((name) => ({ name, readers: users(name, "read"), writers: users(name, "write"), ddl: tableNames.get(name) ?? "" })),
		unresolved,
		moduleState,
		outside: found.outside,
		parseErrors: program.parseErrors,
		files: program.files.map((file) => ({ path: file.path, lines: file.lines })),
		scanMs: 0,
	};
}

function* followed(program: Program): Generator<Assembled, PointsTo> {
	const steps = pointsToSteps(program);
	for (;;) {
		const { done, value } = steps.next();
		if (done) return value;
		yield { ...value, unit: "bodies" };
	}
}

function createEdges() {
	const edges = new Map<string, GraphEdge>();
	return {
		add(from: string, to: string, kind: GraphEdge["kind"], line: number) {
			const key = `${kind} ${from} ${to}`;
			const edge = edges.get(key);
			if (!edge) edges.set(key, { from, to, kind, lines: [line] });
			else if (!edge.lines.includes(line)) edge.lines.push(line);
		},
		list: () => [...edges.values()],
	};
}

const countLoc = (lines: readonly string[]) => lines.filter((line) => /^\s*[^#\s]/.test(line)).length;
