import { workerPolicy } from "../../core/contract/content-security.ts";

type Rules = { createScriptURL(url: string): string };
/** As much of Trusted Types as is needed here; the type library of the DOM does not have them yet. */
type TrustedTypes = { createPolicy(name: string, rules: Rules): Rules };

const rules: Rules = {
	createScriptURL(url) {
		const address = new URL(url, import.meta.url);
		if (address.origin !== location.origin) throw new TypeError(`A worker of another origin is refused: ${address.origin}`);
		return address.href;
	},
};
const policy = (globalThis as { trustedTypes?: TrustedTypes }).trustedTypes?.createPolicy(workerPolicy, rules) ?? rules;

/**
 * A module worker of a file of this build. The page may make scripts only of addresses that a named policy has passed, so every
 * worker is made here:
 *
 *     import url from "./layout-worker.ts?worker&url";
 *     const worker = createWorker(url);
 */
export function createWorker(url: string | URL): Worker {
	return new Worker(policy.createScriptURL(String(url)), { type: "module" });
}
