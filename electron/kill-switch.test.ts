import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createKillSwitch } from "./kill-switch.ts";
import { createStateDir, type StateDir } from "./testing/state-dir.ts";

let state: StateDir;
beforeEach(() => {
	state = createStateDir();
});
afterEach(() => state.remove());

const panicFile = () => join(state.dir, "gateway/PANIC");

test("a press leaves the file that the gateway watches before it runs the command", async () => {
	const pressed = createKillSwitch(state.settings).press("too many errors");
	expect(readFileSync(panicFile(), "utf8")).toBe("too many errors\n");
	expect(state.calls("panic")).toEqual([]);
	expect(await pressed).toEqual({ ms: 1.5, way: "control" });
	expect(state.calls("panic")).toMatchObject([{ json: true, reason: "too many errors", state: state.dir }]);
});

test("presses at the same time are one, later ones are their own", async () => {
	const killSwitch = createKillSwitch(state.settings);
	await Promise.all([killSwitch.press("once"), killSwitch.press("twice")]);
	expect(state.calls("panic")).toHaveLength(1);
	await killSwitch.press("later");
	expect(state.calls("panic")).toHaveLength(2);
});

test("a refusal is passed on in its own words, and the file stays for the gateway", async () => {
	state.tell("refuse-panic");
	const killSwitch = createKillSwitch(state.settings);
	await expect(killSwitch.press("a")).rejects.toThrow("GATEWAY_LOST happened.\nNothing was changed.\nTry again.");
	expect(existsSync(panicFile())).toBe(true);
});

test("an answer that is no confirmation is never taken for one", async () => {
	state.tell("garble-panic");
	await expect(createKillSwitch(state.settings).press("a")).rejects.toThrow("The gateway's confirmation could not be read. well");
});

test("with a broken installation the file still reaches the gateway, and the failure is told", async () => {
	state.settings.node = "/nowhere/node";
	await expect(createKillSwitch(state.settings).press("a")).rejects.toThrow("/nowhere/node");
	expect(existsSync(panicFile())).toBe(true);
});

test("with a state directory that cannot be written the command still presses", async () => {
	state.tell("gateway");
	expect(await createKillSwitch(state.settings).press("a")).toEqual({ ms: 1.5, way: "control" });
});

test("with legacy retired no file is left that would act on a later day", async () => {
	state.gateway([{ id: "transfer", kind: "modern" }], { retired: true });
	state.tell("refuse-panic");
	await expect(createKillSwitch(state.settings).press("a")).rejects.toThrow("GATEWAY_LOST");
	expect(existsSync(panicFile())).toBe(false);
});
