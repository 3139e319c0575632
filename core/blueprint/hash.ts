import { canonicalJson, sha256 } from "../base/index.ts";
import type { Blueprint } from "../contract/blueprint.ts";

/** SHA-256, in hex, of the canonical JSON of everything but the hash itself. */
export function blueprintHash(blueprint: Blueprint): string {
	const { hash: _, ...rest } = blueprint;
	return sha256(canonicalJson(rest));
}
