import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { z } from "zod";
import { linkShape, type Navigation } from "./deep-link.ts";

/**
 * What one start of the desktop works with. `root`: the folder of the engine; `node`: the program that runs it; `gatewayPort`: null
 * for the engine's own choice; `link`: where to go once the screen is there.
 */
export type Settings = {
	root: string;
	node: string;
	stateDir: string;
	sample: boolean;
	gatewayPort: string | null;
	dev: boolean;
	link: Navigation | null;
};

/** Whoever can start a program, or get a link clicked, can say all of this: what is not of the expected form is as if not said. */
const startShape = z.object({
	state: z.string().min(1).max(4096).optional().catch(undefined),
	"no-sample": z.boolean().optional().catch(undefined),
	"gateway-port": z
		.string()
		.regex(/^\d{1,5}$/)
		.optional()
		.catch(undefined),
	dev: z.boolean().optional().catch(undefined),
	link: linkShape.nullable().catch(null),
});

/** From `--state DIR`, `--no-sample`, `--gateway-port N`, `--dev`, `phoenix://...` and the variables PHOENIX_STATE and PHOENIX_NODE; Chromium's own switches are left alone. */
export function readSettings(from: { argv: string[]; env: NodeJS.ProcessEnv; root: string; dataDir: string }): Settings {
	const { argv, env, root, dataDir } = from;
	const start = readArguments(argv);
	const bundled = join(root, "node_modules/node/bin", process.platform === "win32" ? "node.exe" : "node");
	return {
		root,
		node: env.PHOENIX_NODE ?? bundled,
		stateDir: resolve(start.state ?? env.PHOENIX_STATE ?? join(dataDir, "state")),
		sample: start["no-sample"] !== true,
		gatewayPort: start["gateway-port"] ?? null,
		dev: start.dev === true,
		link: start.link,
	};
}

/** Of this start, or of a second one whose arguments the first is told. */
export function readArguments(argv: string[]): z.infer<typeof startShape> {
	const { values, positionals } = parseArgs({
		args: argv.slice(1),
		strict: false,
		options: {
			state: { type: "string" },
			"no-sample": { type: "boolean" },
			"gateway-port": { type: "string" },
			dev: { type: "boolean" },
		},
	});
	return startShape.parse({ ...values, link: positionals.find((text) => text.startsWith("phoenix:")) ?? null });
}

/** The engine is a process of its own: nothing that steers Electron's or this process's Node reaches it. */
export function engineEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
	const { ELECTRON_RUN_AS_NODE, NODE_OPTIONS, ...rest } = env;
	return rest;
}
