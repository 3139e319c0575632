import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createModelKey } from "./model-key.ts";

let dir: string;
beforeEach(() => {
	dir = mkdtempSync(join(tmpdir(), "phoenix-key-"));
});
afterEach(() => rmSync(dir, { recursive: true }));

test("[S14] the engine takes its key out of the environment, so that nothing that it starts inherits it", () => {
	const env = { PHOENIX_ANTHROPIC_KEY: "sk-ant-one-1111", ANTHROPIC_API_KEY: "sk-ant-two-2222", PATH: "/bin" };
	const store = createModelKey({ dir, env });
	expect(env).toEqual({ PATH: "/bin" });
	expect(store.state()).toEqual({ lastFour: "1111", source: "environment" });
	expect(store.clean("sk-ant-one-1111 sk-ant-two-2222")).toBe("[secret] [secret]");
});

test("[S14] what was said for this start counts more than what the desktop kept, and what is entered counts most", () => {
	writeFileSync(join(dir, "model-key"), "sk-ant-file-3333\n", { mode: 0o600 });
	const store = createModelKey({ dir, env: { ANTHROPIC_API_KEY: "" } });
	store.put("sk-ant-kept-4444", "desktop");
	expect(store.state()).toEqual({ lastFour: "3333", source: "file" });
	const told: unknown[] = [];
	store.onChange((change) => told.push(change));
	store.put("sk-ant-entered-5555", "entered");
	expect(store.state()).toEqual({ lastFour: "5555", source: "entered" });
	store.forget();
	expect(store.state()).toEqual({ lastFour: null, source: null });
	expect(told).toEqual([{ key: "sk-ant-entered-5555" }, { key: null }]);
	expect(store.clean("sk-ant-kept-4444")).toBe("[secret]");
});
