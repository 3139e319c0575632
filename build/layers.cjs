/**
 * The architecture as one table: each folder and the only things that its files may import.
 *
 *     "core/journal"     the folder, through its front door (`index.ts`)
 *     "core/app/*"       every file of that row
 *     "core/server.ts"   one file
 *     "node", "npm:ws"   the platform's own modules, one package
 *
 * A row always sees its own files. A file belongs to the longest row that holds it; tests may also see `testTools`.
 * `layer-rules.cjs` makes the rules from this table; there are no exemptions.
 */
const seams = ["core/base", "core/contract"];

/** Pure folders: no Node, no I/O. They return plans and texts; `core/app` performs them. */
const pure = {
	"core/base": [],
	"core/contract": ["core/base", "npm:zod", "npm:@orpc/contract"],
	"core/graph": seams,
	"core/blueprint": [...seams, "core/graph", "npm:zod"],
	"core/generate": [...seams, "core/graph"],
	"core/compare": seams,
	"core/arbiter": seams,
};

/** Not code of the engine: what is copied into generated services, where it runs on Node alone. */
const shipped = {
	"core/generate/targets/typescript/runtime": ["node"],
	"core/generate/targets/typescript/functions/runtime": ["node"],
};

/** The engine's strangers: each knows the seams, the machine and the packages it owns, and no sibling. */
const engine = {
	"core/mapper": [...seams, "core/graph", "node", "npm:web-tree-sitter"],
	"core/gateway/hot": [...seams, "node", "npm:http-proxy"],
	"core/gateway/control": [...seams, "core/gateway/hot", "node", "npm:zod"],
	"core/gateway/remote": [...seams, "core/gateway/hot", "core/gateway/control", "node", "npm:@grpc/grpc-js"],
	"core/gateway": [...seams, "core/gateway/hot", "core/gateway/control", "core/gateway/remote", "node"],
	"core/replay": [...seams, "node", "npm:zod"],
	"core/effects": [...seams, "node", "npm:pg", "npm:@platformatic/kafka"],
	"core/operator": [...seams, "node"],
	"core/agents": [...seams, "core/agents/model", "node", "npm:zod"],
	"core/agents/model": [...seams, "node", "npm:zod", "npm:@anthropic-ai/sdk"],
	"core/journal": [...seams, "node", "npm:sql.js"],
};

/** Whoever introduces the strangers to each other, and the entries that start it. */
const parts = [...Object.keys(pure), ...Object.keys(engine)];
const composition = {
	"core/app": [...parts, "core/app/server", "core/app/report", "node", "npm:zod", "npm:@orpc/contract", "npm:@orpc/server"],
	"core/app/report": [...parts, "node", "npm:zod", "npm:pdfmake"],
	"core/app/server": [...parts, "core/app/*", "node", "npm:zod", "npm:@orpc/contract", "npm:@orpc/server", "npm:ws"],
	"core/app/commands": [
		...parts,
		"core/app/*",
		"core/app/report",
		"core/server.ts",
		"node",
		"npm:zod",
		"npm:@orpc/client",
		"npm:@orpc/contract",
	],
	core: [...seams, "core/app", "core/app/server", "core/app/commands", "node"],
	electron: [...seams, "node", "npm:electron", "npm:electron-updater", "npm:zod", "npm:@orpc/client", "npm:@orpc/contract"],
};

/** The screen: of the engine it knows the seams alone. Each library that draws has one adapter file. */
const drawing = ["npm:react", "npm:react-dom", "npm:radix-ui", "npm:lucide-react"];
const screen = [...seams, "renderer/state", "renderer/adapters", "renderer/ui", "npm:zustand", ...drawing];
const renderer = {
	"renderer/state": [...seams, "npm:zustand"],
	"renderer/adapters": [...seams, "npm:react", "npm:cytoscape", "npm:cytoscape-fcose", "npm:monaco-editor", "npm:uplot"],
	"renderer/ui": [...seams, ...drawing, "npm:react-resizable-panels"],
	"renderer/features": [...screen, "renderer/app", "npm:@tanstack/react-virtual"],
	"renderer/app": [...screen, "renderer/features", "npm:@orpc/client", "npm:@orpc/contract"],
	renderer: [...screen, "renderer/app", "renderer/features"],
};

const tools = {
	"core/gateway/bench": [...seams, "core/gateway/hot", "core/gateway/control", "core/gateway/*", "node", "npm:http-proxy"],
	build: ["core/contract", "node", "npm:dependency-cruiser", "npm:@swc/core", "npm:playwright-core"],
	"build/packaging": [
		"build/*",
		"node",
		"npm:electron-builder",
		"npm:@electron/asar",
		"npm:@electron/fuses",
		"npm:playwright-core",
		"npm:zod",
	],
};

module.exports = {
	layers: { ...pure, ...shipped, ...engine, ...composition, ...renderer, ...tools },
	/** Front doors that are not `index.ts`, as patterns of what follows the folder. */
	doors: {
		"core/base": "",
		"core/contract": "",
		"renderer/state": "",
		"renderer/adapters": "[^/]+$",
		"renderer/ui": "",
		"renderer/app": "",
		"renderer/features": "[^/]+/index\\.tsx?$",
	},
	/** Styles and pictures are not code: every file of the screen may use them. */
	sheets: "^renderer/.*\\.(css|svg)$",
	/** What tests, benches, `testing/` folders and tool configurations may import beside the row of their folder. */
	testTools: [
		"node",
		"npm:@orpc/client",
		"npm:vitest",
		"npm:fast-check",
		"npm:playwright-core",
		"npm:axe-core",
		"npm:vite",
		"npm:ws",
		"npm:@grpc/grpc-js",
		"npm:@grpc/proto-loader",
		"npm:@vitejs/plugin-react",
	],
	testFiles: "(\\.(test|bench|e2e|config)\\.tsx?$|/testing/|/e2e/|/bench/)",
	/** Tests that stand beside the folder they are about. */
	testsAbout: {
		"core/generate": ["core/generate/targets/typescript/runtime/*", "core/generate/targets/typescript/functions/runtime/*"],
		"core/app": ["core/generate/testing/*"],
	},
	/** Copied into generated services as text, so nothing imports it. */
	shippedFolders: Object.keys(shipped),
};
