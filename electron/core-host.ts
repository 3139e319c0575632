import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";

export type CoreHost = { readonly url: string; hasEnded(): boolean; end(): Promise<void> };

/** Starts `phoenix serve` on the Node that ships with the product, and waits for its address. */
export async function startCore(options: { stateDir: string; root?: string; node?: string }): Promise<CoreHost> {
	const root = options.root ?? join(import.meta.dirname, "../..");
	const node = options.node ?? join(root, "node_modules/node/bin/node");
	const args = [join(root, "core/cli.ts"), "serve", "--json", "--port", "0", "--state", options.stateDir, "--sample"];
	const child = spawn(node, args, { cwd: root, stdio: ["ignore", "pipe", "inherit"] });
	const url = await addressOf(child);
	return {
		url,
		hasEnded: () => child.exitCode !== null || child.signalCode !== null,
		async end() {
			if (child.exitCode !== null || child.signalCode !== null) return;
			child.kill("SIGTERM");
			await once(child, "exit");
		},
	};
}

function addressOf(child: ChildProcess): Promise<string> {
	return new Promise((resolve, reject) => {
		child.once("error", reject);
		child.once("exit", (code) => reject(new Error(`The engine ended with code ${code} before it served.`)));
		createInterface({ input: child.stdout as NodeJS.ReadableStream }).on("line", (line) => {
			if (line.startsWith("{")) resolve((JSON.parse(line) as { url: string }).url);
		});
	});
}
