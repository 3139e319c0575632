import { createHmac, randomBytes } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { Fault } from "../../base/index.ts";

const KEY_BYTES = 32;

/**
 * The key of the masks, from its own file; made, for this user alone, when there is none. Whoever has key and recording can try out which
 * value a mask stands for, so the two are not kept in one place.
 */
export function openMaskKey(file: string): Buffer {
	try {
		return keyIn(file);
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
	}
	try {
		writeFileSync(file, `${randomBytes(KEY_BYTES).toString("hex")}\n`, { mode: 0o600, flag: "wx" });
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
	}
	return keyIn(file);
}

function keyIn(file: string): Buffer {
	const text = readFileSync(file, "utf8").trim();
	if (!/^[\da-f]{64,}$/i.test(text))
		throw new Fault("INPUT_INVALID", { subject: `The mask key ${file}`, reason: "it is not at least 64 hexadecimal digits" });
	return Buffer.from(text, "hex");
}

/** By this a recording names its key without giving it away. */
export function fingerprint(key: Buffer): string {
	return createHmac("sha256", key).update("phoenix mask key").digest("hex").slice(0, 16);
}
