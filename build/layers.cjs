/**
 * The architecture as one table: each folder and the only things that its files may import.
 * `node` is the platform's own modules, `npm:x` one package, anything else another folder of this repository.
 * A folder always sees itself. A file belongs to the longest folder that holds it; tests may also see `testTools`.
 * `.dependency-cruiser.cjs` makes the rules from this table; there are no exemptions.
 */
const base = ["core/base"];
const seams = ["core/base", "core/contract"];

/** Pure folders: no Node, no I/O. They return plans and texts; `core/app` performs them. */
const pure = {
	"core/base": [],
	"core/contract": [...base, "npm:zod", "npm:@orpc/contract"],
	"core/graph": seams,
	"core/blueprint": [...seams, "core/graph", "npm:zod"],
	"core/generate": [...seams, "core/graph"],
	"core/compare": seams,
	"core/arbiter": seams,
};

/** The engine's strangers: each knows the seams, the machine and the packages it owns, and no sibling. */
const engine = {
	"core/mapper": [...seams, "core/graph", "node", "npm:web-tree-sitter"],
	"core/gateway/hot": [...seams, "node", "npm:http-proxy"],
	"core/gateway/control": [...seams, "core/gateway/hot", "node", "npm:zod"],
	"core/gateway": [...seams, "core/gateway/hot", "core/gateway/control", "node"],
	"core/effects": [...seams, "node"],
	"core/operator": [...seams, "node"],
	"core/agents": [...seams, "node"],
	"core/journal": [...seams, "node", "npm:zod", "npm:sql.js"],
};

/** Whoever introduces the strangers to each other. */
const parts = [...Object.keys(pure), ...Object.keys(engine)];
const composition = {
	"core/app/server": [...parts, "core/app", "node", "npm:zod", "npm:@orpc/contract", "npm:@orpc/server", "npm:ws"],
	"core/app": [...parts, "core/app/server", "node", "npm:zod", "npm:@orpc/contract", "npm:@orpc/server", "npm:ws"],
	core: [...parts, "core/app", "core/app/server", "node", "npm:zod", "npm:@orpc/client", "npm:@orpc/server", "npm:ws"],
	electron: [...seams, "node", "npm:electron"],
};

const screen = ["npm:react", "npm:react-dom", "npm:radix-ui", "npm:lucide-react"];
const renderer = {
	"renderer/state": [...seams, "npm:zustand"],
	"renderer/adapters": [...seams, "npm:react", "npm:cytoscape", "npm:cytoscape-fcose", "npm:monaco-editor", "npm:uplot"],
	"renderer/ui": ["core/base", ...screen],
	"renderer/features": [...seams, "renderer/state", "renderer/adapters", "renderer/ui", "npm:zustand", ...screen],
	"renderer/app": [
		...seams,
		"npm:@orpc/client",
		"npm:@orpc/contract",
		"renderer/features",
		"renderer/state",
		"renderer/adapters",
		"renderer/ui",
		"npm:zustand",
		...screen,
	],
	renderer: [...seams, "renderer/app", "renderer/features", "renderer/state", "renderer/adapters", "renderer/ui", "npm:zustand", ...screen],
};

const tools = {
	build: ["node", "npm:dependency-cruiser", "npm:@swc/core", "npm:playwright-core"],
};

module.exports = {
	layers: { ...pure, ...engine, ...composition, ...renderer, ...tools },
	/** Entered through any file; every other folder only through its `index`. */
	openFolders: ["core/base", "core/contract"],
	/** What tests, benches, `testing/` folders and tool configurations may import beside the row of their folder. */
	testTools: ["node", "npm:vitest", "npm:fast-check", "npm:playwright-core", "npm:axe-core", "npm:vite", "npm:@vitejs/plugin-react"],
	testFiles: "(\\.(test|bench|e2e|config)\\.tsx?$|/testing/|/e2e/)",
};
