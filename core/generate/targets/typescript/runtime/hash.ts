import { createHash } from "node:crypto";

/** Hexadecimal digest of the text's UTF-8 bytes. */
export function hashHex(algorithm: "md5" | "sha1" | "sha256", text: string): string {
	return createHash(algorithm).update(text, "utf8").digest("hex");
}
