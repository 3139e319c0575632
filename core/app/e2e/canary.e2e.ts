import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { createORPCClient } from "@orpc/client";
import { RPCLink } from "@orpc/client/message-port";
import type { ContractRouterClient } from "@orpc/contract";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { api } from "../../contract/api.ts";
import { servedShape } from "../../contract/host.ts";
import { greet } from "../../contract/line.ts";

const cli = fileURLToPath(new URL("../../cli.ts", import.meta.url));
const fromOutside = "sk-ant-canary-from-outside-5d1c";
const entered = "sk-ant-canary-entered-8e2f";

let dir: string;
beforeEach(() => {
	dir = mkdtempSync(join(tmpdir(), "phoenix-canary-"));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

/** A real engine as a process of its own; `printed` is everything that it wrote. */
async function serve(env: Record<string, string>) {
	const child = spawn(process.execPath, [cli, "serve", "--no-http", "--json", "--state", dir], { env: { ...process.env, ...env } });
	let printed = "";
	for (const stream of [child.stdout, child.stderr]) stream.on("data", (text) => (printed += text));
	const [line] = (await once(createInterface({ input: child.stdout }), "line")) as [string];
	const { line: port } = await greet(connect(servedShape.parse(JSON.parse(line)).socket), "page");
	const client: ContractRouterClient<typeof api> = createORPCClient(new RPCLink({ port }));
	return {
		client,
		pid: child.pid ?? 0,
		printed: () => printed,
		async end() {
			port.close();
			child.kill("SIGTERM");
			await once(child, "exit");
		},
	};
}

const written = () =>
	readdirSync(dir, { recursive: true, encoding: "utf8" })
		.filter((name) => name !== "model-key" && statSync(join(dir, name)).isFile())
		.map((name) => readFileSync(join(dir, name), "latin1"))
		.join("\n");

test("[S14] a key shows up in no file, no output, no state, no log and no fault, whatever goes wrong with it", async () => {
	const engine = await serve({ PHOENIX_ANTHROPIC_KEY: fromOutside });
	const { client } = engine;
	const told: unknown[] = [await client.settings.key({})];
	expect(told[0]).toEqual({ lastFour: "5d1c", source: "environment" });
	expect(await client.settings.putKey({ key: entered })).toEqual({ lastFour: "8e2f", source: "entered" });
	// A key in the wrong field is the usual way into a log.
	for (const key of [fromOutside, entered]) {
		told.push(await client.project.open({ dir: `/home/${key}/src` }).catch((error: unknown) => JSON.stringify(error)));
		told.push(await client.journal.query({ sql: `SELECT ${key}` }).catch((error: unknown) => JSON.stringify(error)));
		told.push(await client.system.panic({ reason: key }).catch((error: unknown) => JSON.stringify(error)));
	}
	told.push(await client.state.snapshot({}));
	for await (const lines of await client.state.log({ since: 0 })) {
		told.push(lines);
		break;
	}
	expect(JSON.stringify(told)).toContain("[secret]");
	await engine.end();
	const everything = [JSON.stringify(told), engine.printed(), written()].join("\n");
	expect(everything).not.toContain(fromOutside);
	expect(everything).not.toContain(entered);
	expect(written()).toContain("[secret]");
});

test("[S14] a key stands in a file of its user alone, or the engine does not start", async () => {
	writeFileSync(join(dir, "model-key"), `${entered}\n`, { mode: 0o644 });
	const refused = spawn(process.execPath, [cli, "serve", "--no-http", "--json", "--state", dir], { stdio: ["ignore", "ignore", "pipe"] });
	let said = "";
	refused.stderr.on("data", (text) => (said += text));
	expect((await once(refused, "exit"))[0]).toBe(1);
	expect(JSON.parse(said.trim())).toMatchObject({ code: "INPUT_INVALID", what: expect.stringContaining("mode 644") });
	expect(said).not.toContain(entered);
	rmSync(join(dir, "model-key"));
	writeFileSync(join(dir, "model-key"), `${entered}\n`, { mode: 0o600 });
	const engine = await serve({});
	expect(await engine.client.settings.key({})).toEqual({ lastFour: "8e2f", source: "file" });
	expect(await engine.client.settings.forgetKey({})).toEqual({ lastFour: null, source: null });
	await engine.end();
});
