import type { Backend } from "./load/backend.ts";
import type { Options } from "./options.ts";

/** What every part of the bench is given. */
export type Setting = {
	/** For files of this run. */
	dir: string;
	legacy: Backend;
	shadow: Backend;
	/** Names of programs that are not there. */
	missing: readonly string[];
	options: Options;
	/** Progress, for a person. */
	say(line: string): void;
};
