const { createRules } = require("./build/layer-rules.cjs");

/** The second net beside the compiler; its rules are made from the one table in `build/layers.cjs`. */
module.exports = {
	forbidden: createRules(),
	options: {
		// TypeScript 7 has no JavaScript API; swc sees every form of import, type-only ones included.
		parser: "swc",
		tsPreCompilationDeps: true,
		preserveSymlinks: true,
		doNotFollow: { path: "node_modules" },
		exclude: { path: "^(core|renderer|electron|build|sample-monolith)/.*(fixtures|dist)/" },
		enhancedResolveOptions: {
			extensions: [".ts", ".tsx", ".mjs", ".cjs", ".js", ".json", ".css"],
			exportsFields: ["exports"],
			conditionNames: ["import", "types", "node", "default"],
		},
	},
};
