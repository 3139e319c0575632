import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { manifestName, type ScreenManifest } from "../../core/contract/screen-files.ts";
import type { Settings } from "../settings.ts";

/** The folder of the tiny engine that stands in for the product's. */
export const engineRoot = fileURLToPath(new URL("../fixtures/engine", import.meta.url));

export type StateDir = {
	dir: string;
	settings: Settings;
	/** Steers the tiny engine; see its first lines. */
	tell(name: string): void;
	/** What the tiny engine was called with. */
	calls(command: string): Record<string, unknown>[];
	corePid(): number;
	/** A gateway that lives, with these routes in force. */
	gateway(
		routes: { id: string; kind: "legacy" | "canary" | "modern"; weight?: number }[],
		options?: { retired?: boolean; pid?: number },
	): void;
	/** Ends whatever core is left, and removes everything. */
	remove(): Promise<void>;
};

export function createStateDir(options: { node?: string } = {}): StateDir {
	const dir = mkdtempSync(join(tmpdir(), "phoenix-desktop-"));
	const settings: Settings = {
		root: engineRoot,
		node: options.node ?? process.execPath,
		stateDir: dir,
		sample: true,
		gatewayPort: null,
		dev: false,
		link: null,
	};
	const corePid = () => (JSON.parse(readFileSync(join(dir, "core.json"), "utf8")) as { pid: number }).pid;
	return {
		dir,
		settings,
		tell: (name) => writeFileSync(join(dir, name), ""),
		calls(command) {
			const file = join(dir, "calls.jsonl");
			const lines = existsSync(file) ? readFileSync(file, "utf8").split("\n").slice(0, -1) : [];
			return lines.map((line) => JSON.parse(line) as Record<string, unknown>).filter((call) => call.command === command);
		},
		corePid,
		gateway(routes, { retired = false, pid = process.pid } = {}) {
			const upstream = { host: "127.0.0.1", port: 9 };
			const modes = {
				legacy: () => ({ kind: "legacy" }),
				canary: (weight: number) => ({ kind: "canary", weight, upstream, failover: "always" }),
				modern: () => ({ kind: "modern", upstream, failover: "always" }),
			};
			const plan = {
				version: 1,
				legacy: retired ? null : upstream,
				idempotencyHeader: "Idempotency-Key",
				routes: routes.map(({ id, kind, weight = 0 }) => ({ id, method: "POST", path: `/${id}`, mode: modes[kind](weight) })),
				reason: "a test",
			};
			mkdirSync(join(dir, "gateway"), { recursive: true });
			writeFileSync(join(dir, "gateway/gateway.json"), JSON.stringify({ pid }));
			writeFileSync(join(dir, "gateway/plan.json"), JSON.stringify({ plan, panic: null }));
		},
		async remove() {
			if (existsSync(join(dir, "core.json"))) {
				const pid = corePid();
				try {
					process.kill(pid, "SIGKILL");
				} catch {
					// It ended in the test.
				}
			}
			await delay(20);
			rmSync(dir, { recursive: true, force: true });
		},
	};
}

const text = "text/javascript; charset=utf-8";
const built = {
	"index.html": { content: "<!doctype html><title>A screen</title>", type: "text/html; charset=utf-8" },
	"assets/main-1a2b.js": { content: "console.log('a screen');", type: text },
	"assets/changed-3c4d.js": { content: "as it was built", type: text },
	"assets/gone-5e6f.js": { content: "as it was built", type: text },
};

/** A folder as the desktop is started from: the tiny engine, and a built screen, of which one file was changed and one lost since. */
export function createApp(dir: string): string {
	const app = join(dir, "app");
	const screen = join(app, "dist/renderer");
	mkdirSync(join(screen, "assets"), { recursive: true });
	symlinkSync(join(engineRoot, "core"), join(app, "core"), "junction");
	const manifest: ScreenManifest = {};
	for (const [file, { content, type }] of Object.entries(built)) {
		manifest[file] = { file, type, sha256: createHash("sha256").update(content).digest("hex") };
		writeFileSync(join(screen, file), content);
	}
	writeFileSync(join(screen, "assets/changed-3c4d.js"), "something else");
	writeFileSync(join(screen, "assets/unlisted.js"), "in the folder, but not in the list");
	rmSync(join(screen, "assets/gone-5e6f.js"));
	writeFileSync(join(screen, manifestName), JSON.stringify(manifest));
	return app;
}

/** A core that somebody else started on this state directory; ended by `StateDir.remove`. */
export async function startForeignCore(state: StateDir): Promise<void> {
	const args = [join(engineRoot, "core/cli.ts"), "serve", "--json", "--no-http", "--state", state.dir];
	spawn(process.execPath, args, { stdio: "ignore" });
	await until(() => existsSync(join(state.dir, "core.json")));
	await delay(50);
}

/** Waits until `condition` holds; fails the test after `limitMs`. */
export async function until(condition: () => boolean, limitMs = 8_000): Promise<void> {
	const limit = performance.now() + limitMs;
	while (!condition()) {
		if (performance.now() > limit) throw new Error(`Not within ${limitMs} ms: ${condition}`);
		await delay(10);
	}
}
