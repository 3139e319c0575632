/** The dependency graph as every screen, command and later step sees it. Printed by `phoenix map --json`. */
export type GraphNode = {
	/** `module:<dotted>`, `function:<dotted>`, `route:<METHOD> <path>`, `table:<name>`. */
	id: string;
	kind: "module" | "function" | "route" | "table";
	name: string;
	file: string;
	line: number;
	endLine: number;
	/** McCabe's number of a function; the sum over a module's functions; 0 for routes and tables. */
	complexity: number;
	/** 0 (entangled) ... 1 (isolated); see `graph/isolation.ts` for the formula. */
	isolation: number;
	/** Module of a function. */
	parent: string | null;
	loc: number;
};
export type GraphEdge = { from: string; to: string; kind: "call" | "read" | "write" | "route" | "import"; lines: number[] };
export type OutsideKind = "database" | "http" | "mail" | "queue" | "network" | "process" | "clock" | "chance" | "environment" | "files";
export type Graph = {
	root: string;
	language: string;
	nodes: GraphNode[];
	edges: GraphEdge[];
	/** `path` as the framework writes it; `method` is `ANY` where the handler takes every one. */
	routes: { method: string; path: string; handler: string; framework?: string }[];
	tables: { name: string; readers: string[]; writers: string[]; ddl: string }[];
	unresolved: { from: string; text: string; line: number }[];
	/** Calls to what is outside of the program and answers by more than its arguments; `what` is the dotted path. */
	outside?: { from: string; kind: OutsideKind; what: string; line: number }[];
	/** Names of module state that functions change. */
	moduleState?: { from: string; name: string; line: number }[];
	parseErrors: { file: string; line: number; column: number; message: string; frame: string }[];
	files: { path: string; lines: number }[];
	/** Milliseconds the scan took. */
	scanMs: number;
};

/** A map that was brought up to date after files changed. `count`: how often since it was opened; `files`: how many changed the last time. */
export type MapUpdate = { count: number; files: number; ms: number };

/** What the inspector says of one function. */
export type Inspection = {
	node: GraphNode;
	callers: string[];
	callees: string[];
	routes: { method: string; path: string; handler: string }[];
	reads: string[];
	writes: string[];
	/** Words with evidence, for and against cutting here. */
	reasons: { good: boolean; text: string }[];
	effort: "small" | "medium" | "large";
	risk: "low" | "medium" | "high";
	source: { file: string; from: number; text: string };
};
