import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { z } from "zod";
import type { KeyChange } from "../core/contract/host.ts";

/** As much of Electron's `safeStorage` as is used. */
export type SafeStorage = {
	isAsyncEncryptionAvailable(): Promise<boolean>;
	encryptStringAsync(text: string): Promise<Buffer>;
	decryptStringAsync(encrypted: Buffer): Promise<{ result: string }>;
	getSelectedStorageBackend(): string;
};

/** The model key between two starts: encrypted by the system, in a file of this user. */
export type KeyVault = {
	/** The key that was kept; null when there is none, or when it can no longer be decrypted. */
	load(): Promise<string | null>;
	/** Keeps a key that was entered, where the system can and the user wants it as it can; null: there is none any more. */
	take(change: KeyChange): Promise<void>;
};

const fileShape = z.object({ encrypted: z.base64().min(1) });

/** `acceptPlain` is asked where the system has no secret store, so that what is "encrypted" can be read by whoever reads the files. */
export function createKeyVault(deps: { file: string; storage: SafeStorage; acceptPlain(): Promise<boolean> }): KeyVault {
	const { file, storage, acceptPlain } = deps;
	const isPlain = () => process.platform === "linux" && storage.getSelectedStorageBackend() === "basic_text";
	return {
		async load() {
			if (!existsSync(file)) return null;
			try {
				const { encrypted } = fileShape.parse(JSON.parse(readFileSync(file, "utf8")));
				return (await storage.decryptStringAsync(Buffer.from(encrypted, "base64"))).result;
			} catch {
				return null;
			}
		},
		async take({ key }) {
			// What was kept before is no longer the key, whatever becomes of this one.
			rmSync(file, { force: true });
			if (key === null || !(await storage.isAsyncEncryptionAvailable()) || (isPlain() && !(await acceptPlain()))) return;
			const encrypted = (await storage.encryptStringAsync(key)).toString("base64");
			writeFileSync(file, JSON.stringify({ encrypted } satisfies z.infer<typeof fileShape>), { mode: 0o600 });
		},
	};
}
