import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { createEmitter, createRedactor, Fault, type Redactor } from "../base/index.ts";
import type { ModelKey } from "../contract/api.ts";
import type { KeyChange } from "../contract/host.ts";

/**
 * The key of the language model, in memory and nowhere else: from the environment, from a file of this user alone, from the desktop's
 * safe storage, or entered on a screen. No agent calls a model yet, so nothing reads it but its last four characters.
 */
export type ModelKeyStore = {
	state(): ModelKey;
	put(key: string, source: "entered" | "desktop"): void;
	/** Of what was entered or handed over; a key of the environment or the file is back with the next start. */
	forget(): void;
	/** What a host should keep or forget. */
	onChange(listener: (change: KeyChange) => void): () => void;
	/** Every key that was ever known here is taken out. */
	readonly clean: Redactor["clean"];
};

const variables = ["PHOENIX_ANTHROPIC_KEY", "ANTHROPIC_API_KEY"] as const;

/** Takes the variables out of `env`, so that no child process inherits them. Throws INPUT_INVALID for a file that others may read. */
export function createModelKey(options: { dir: string; env: NodeJS.ProcessEnv }): ModelKeyStore {
	const { dir, env } = options;
	const redactor = createRedactor();
	const changes = createEmitter<KeyChange>();
	const [named] = variables.flatMap((name) => env[name]?.trim() || []);
	for (const name of variables) {
		redactor.hide(env[name]?.trim() ?? "");
		delete env[name];
	}
	let held: { key: string; source: NonNullable<ModelKey["source"]> } | null =
		named === undefined ? keyOfFile(join(dir, "model-key")) : { key: named, source: "environment" };
	if (held !== null) redactor.hide(held.key);
	return {
		state: () => ({ lastFour: held?.key.slice(-4) ?? null, source: held?.source ?? null }),
		put(key, source) {
			redactor.hide(key);
			// What somebody said for this start, or just now, counts more than what was kept.
			if (source === "desktop" && held !== null) return;
			held = { key, source };
			if (source === "entered") changes.emit({ key });
		},
		forget() {
			held = null;
			changes.emit({ key: null });
		},
		onChange: changes.subscribe,
		clean: redactor.clean,
	};
}

function keyOfFile(file: string): { key: string; source: "file" } | null {
	const found = statSync(file, { throwIfNoEntry: false });
	if (found === undefined) return null;
	const mode = (found.mode & 0o777).toString(8);
	if (process.platform !== "win32" && (found.mode & 0o077) !== 0)
		throw new Fault("INPUT_INVALID", { subject: `The key file ${file}`, reason: `others may read it (mode ${mode}); make it 600` });
	const key = readFileSync(file, "utf8").trim();
	return key === "" ? null : { key, source: "file" };
}
