// Blueprint -> service, as a table of texts. Pure: no file is read or written, no process started; `core/app` does that.
// A new target is one folder and one line below. What cannot be written exactly is refused by name (UNSUPPORTED).
import { Fault } from "../base/index.ts";
import type { Blueprint, Choices, ServiceFiles } from "../contract/blueprint.ts";
import type { Trace } from "../contract/plan.ts";
import { generateTypescript, traceTypescript } from "./targets/typescript/index.ts";

export { sitesOf } from "../contract/sites.ts";

export const targets = {
	typescript: generateTypescript,
} satisfies Record<string, (blueprint: Blueprint, choices: Choices) => ServiceFiles>;

export type Target = keyof typeof targets;

const traces = { typescript: traceTypescript } satisfies Record<Target, (blueprint: Blueprint, choices: Choices) => Trace[]>;

/** Which generated lines each piece of legacy became, for the same blueprint and choices; nothing for what was refused. */
export function traceService(blueprint: Blueprint, choices: Choices, target: Target): Trace[] {
	return blueprint.unsupported.length > 0 ? [] : traces[target](blueprint, choices);
}

/** The files of the service, path to text. `choices` names the sites that keep legacy's semantics; the others get the idiom. */
export function generateService(blueprint: Blueprint, choices: Choices, target: Target): ServiceFiles {
	const [first] = blueprint.unsupported;
	if (first !== undefined) {
		const { construct, remedy, span } = first;
		throw new Fault("UNSUPPORTED", { function: first.function, construct, file: span.file, line: span.line, remedy });
	}
	return targets[target](blueprint, choices);
}
