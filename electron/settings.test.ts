import { join } from "node:path";
import { expect, test } from "vitest";
import { engineEnvironment, readArguments, readSettings } from "./settings.ts";

const from = { argv: ["electron", "/product"], env: {}, root: "/product", dataDir: "/home/me/.config/phoenix" };

test("without flags the sample is opened, the state is the user's, and the engine runs on the Node of the product", () => {
	expect(readSettings(from)).toEqual({
		root: "/product",
		node: process.platform === "win32" ? "\\product\\node_modules\\node\\bin\\node.exe" : "/product/node_modules/node/bin/node",
		stateDir: "/home/me/.config/phoenix/state",
		sample: true,
		gatewayPort: null,
		dev: false,
		link: null,
	});
});

test("variables name another Node and another state directory; a flag counts more", () => {
	const env = { PHOENIX_NODE: "/usr/bin/node", PHOENIX_STATE: "/var/a" };
	expect(readSettings({ ...from, env })).toMatchObject({ node: "/usr/bin/node", stateDir: "/var/a" });
	expect(readSettings({ ...from, env, argv: [...from.argv, "--state", "/var/b"] }).stateDir).toBe("/var/b");
	expect(readSettings({ ...from, argv: [...from.argv, "--state", "here"] }).stateDir).toBe(join(process.cwd(), "here"));
	expect(readSettings({ ...from, env, argv: [...from.argv, "--state"] }).stateDir).toBe("/var/a");
});

test("the switches of Chromium are left alone", () => {
	const argv = ["/opt/phoenix", "--no-sandbox", "--disable-gpu=1", "--dev", "--no-sample", "--gateway-port", "7500"];
	expect(readSettings({ ...from, argv })).toMatchObject({ dev: true, sample: false, gatewayPort: "7500" });
});

test("[S10] arguments that are not of the expected form are as if not said", () => {
	const argv = [
		...from.argv,
		"--gateway-port",
		"7500; rm -rf /",
		"--dev=no",
		`--state=${"x".repeat(5_000)}`,
		"phoenix://map/../../etc/passwd",
	];
	const { gatewayPort, dev, stateDir, link } = readSettings({ ...from, argv });
	expect([gatewayPort, dev, stateDir, link]).toEqual([null, false, "/home/me/.config/phoenix/state", null]);
});

test("[S10] a link among the arguments is where to go, whatever stands around it", () => {
	expect(readSettings({ ...from, argv: [...from.argv, "--dev", "phoenix://run"] }).link).toEqual({ command: "go.run" });
	expect(readArguments(["phoenix", "--allow-file-access-from-files", "phoenix://map/loans.apply"]).link).toEqual({
		command: "map.show",
		argument: "function:loans.apply",
	});
	expect(readArguments([]).link).toBeNull();
});

test("the engine does not inherit what steers another Node", () => {
	expect(engineEnvironment({ PATH: "/bin", NODE_OPTIONS: "--inspect", ELECTRON_RUN_AS_NODE: "1" })).toEqual({ PATH: "/bin" });
});
