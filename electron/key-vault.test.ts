import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createKeyVault } from "./key-vault.ts";
import { electron, safeStorage } from "./testing/fake-electron.ts";
import { createStateDir, type StateDir } from "./testing/state-dir.ts";

const key = "sk-ant-canary-0123456789";
let state: StateDir;
let file: string;
let accepts: boolean;
let asked: number;
const platform = Object.getOwnPropertyDescriptor(process, "platform") as PropertyDescriptor;
beforeEach(() => {
	state = createStateDir();
	file = join(state.dir, "model-key.json");
	accepts = false;
	asked = 0;
	electron.secrets = { available: true, backend: "gnome_libsecret", isBroken: false };
});
afterEach(async () => {
	Object.defineProperty(process, "platform", platform);
	await state.remove();
});

const open = () =>
	createKeyVault({
		file,
		storage: safeStorage,
		acceptPlain: async () => {
			asked++;
			return accepts;
		},
	});

test("[S14] a key is kept encrypted, in a file of this user alone, and comes back with the next start", async () => {
	await open().take({ key });
	expect(readFileSync(file, "utf8")).not.toContain(key);
	expect(statSync(file).mode & 0o077).toBe(0);
	expect(await open().load()).toBe(key);
	await open().take({ key: null });
	expect([existsSync(file), await open().load(), asked]).toEqual([false, null, 0]);
});

test("[S14] where the system would only pretend to encrypt, nothing is stored unless the user accepts that", async () => {
	Object.defineProperty(process, "platform", { value: "linux" });
	electron.secrets.backend = "basic_text";
	await open().take({ key });
	expect([asked, existsSync(file)]).toEqual([1, false]);
	accepts = true;
	await open().take({ key });
	expect([asked, await open().load()]).toEqual([2, key]);
	accepts = false;
	await open().take({ key: "sk-ant-another-9876543210" });
	expect(existsSync(file)).toBe(false);
});

test("[S14] without any encryption nothing is stored, and nothing is asked", async () => {
	electron.secrets.available = false;
	await open().take({ key });
	expect([existsSync(file), asked]).toEqual([false, 0]);
});

test("[S14] a file that is none, and a key that can no longer be decrypted, are no key", async () => {
	writeFileSync(file, "{}");
	expect(await open().load()).toBeNull();
	await open().take({ key });
	electron.secrets.isBroken = true;
	expect(await open().load()).toBeNull();
});
