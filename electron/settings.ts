import { join, resolve } from "node:path";
import { parseArgs } from "node:util";

/**
 * What one start of the desktop works with. `root`: the folder of the product; `node`: the program that runs the engine;
 * `gatewayPort`: null for the engine's own choice.
 */
export type Settings = { root: string; node: string; stateDir: string; sample: boolean; gatewayPort: string | null; dev: boolean };

/** From `--state DIR`, `--no-sample`, `--gateway-port N`, `--dev` and the variables PHOENIX_STATE and PHOENIX_NODE; Chromium's own switches are left alone. */
export function readSettings(from: { argv: string[]; env: NodeJS.ProcessEnv; root: string; dataDir: string }): Settings {
	const { argv, env, root, dataDir } = from;
	const { values } = parseArgs({
		args: argv.slice(1),
		strict: false,
		options: {
			state: { type: "string" },
			"no-sample": { type: "boolean" },
			"gateway-port": { type: "string" },
			dev: { type: "boolean" },
		},
	});
	const bundled = join(root, "node_modules/node/bin", process.platform === "win32" ? "node.exe" : "node");
	return {
		root,
		node: env.PHOENIX_NODE ?? bundled,
		stateDir: resolve(typeof values.state === "string" ? values.state : (env.PHOENIX_STATE ?? join(dataDir, "state"))),
		sample: values["no-sample"] !== true,
		gatewayPort: typeof values["gateway-port"] === "string" ? values["gateway-port"] : null,
		dev: values.dev === true,
	};
}

/** The engine is a process of its own: nothing that steers Electron's or this process's Node reaches it. */
export function engineEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
	const { ELECTRON_RUN_AS_NODE, NODE_OPTIONS, ...rest } = env;
	return rest;
}
