// Blueprint -> service, as a table of texts. Pure: no file is read or written, no process started; `core/app` does that.
// A new target is one folder and one line below. What cannot be written exactly is refused by name (UNSUPPORTED).
import { Fault } from "../base/index.ts";
import type { Blueprint, Choices, ServiceFiles } from "../contract/blueprint.ts";
import type { FunctionUnit, Unexpressed } from "../contract/function-ir.ts";
import type { Trace } from "../contract/plan.ts";
import type { ServiceTarget } from "../contract/targets.ts";
import { generateJavaFunctions } from "./targets/spring-boot/functions/index.ts";
import { generateSpringBoot, generateWatchedSpringBoot, traceSpringBoot, undraftedChoices } from "./targets/spring-boot/index.ts";
import { generateFunctions as generateTypescriptFunctions } from "./targets/typescript/functions/index.ts";
import { generateTypescript, generateWatchedTypescript, traceTypescript } from "./targets/typescript/index.ts";

export { sitesOf } from "../contract/sites.ts";

type Generator = {
	service(blueprint: Blueprint, choices: Choices): ServiceFiles;
	/** The same for the shadow: it says which branches each request takes. */
	watched(blueprint: Blueprint, choices: Choices): ServiceFiles;
	trace(blueprint: Blueprint, choices: Choices): Trace[];
	/** Sites without a draft in this target: they are exact from the first version on. */
	firstChoices(blueprint: Blueprint): Choices;
};

const targets: Record<ServiceTarget, Generator> = {
	typescript: { service: generateTypescript, watched: generateWatchedTypescript, trace: traceTypescript, firstChoices: () => ({}) },
	"spring-boot": {
		service: generateSpringBoot,
		watched: generateWatchedSpringBoot,
		trace: traceSpringBoot,
		firstChoices: undraftedChoices,
	},
};

/** What the first version begins with: exact wherever the target has no draft. */
export function firstChoices(blueprint: Blueprint, target: ServiceTarget): Choices {
	return targets[target].firstChoices(blueprint);
}

/** Which generated lines each piece of legacy became, for the same blueprint and choices; nothing for what was refused. */
export function traceService(blueprint: Blueprint, choices: Choices, target: ServiceTarget): Trace[] {
	return blueprint.unsupported.length > 0 ? [] : targets[target].trace(blueprint, choices);
}

/**
 * The build for the shadow: the same service, which also says which branches each request takes, as numbers of `branchesOf`.
 * Never for an instance that clients reach: of that, not one letter is changed.
 */
export function generateWatchedService(blueprint: Blueprint, choices: Choices, target: ServiceTarget): ServiceFiles {
	refuseUnsupported(blueprint);
	return targets[target].watched(blueprint, choices);
}

/** The files of the service, path to text. `choices` names the sites that keep legacy's semantics; the others get the idiom. */
export function generateService(blueprint: Blueprint, choices: Choices, target: ServiceTarget): ServiceFiles {
	refuseUnsupported(blueprint);
	return targets[target].service(blueprint, choices);
}

function refuseUnsupported(blueprint: Blueprint): void {
	const [first] = blueprint.unsupported;
	if (first === undefined) return;
	const { construct, remedy, span } = first;
	throw new Fault("UNSUPPORTED", { function: first.function, construct, file: span.file, line: span.line, remedy });
}

/** Targets that a single function can be translated to. */
export const functionTargets = {
	typescript: generateTypescriptFunctions,
	"spring-boot": generateJavaFunctions,
} satisfies Record<ServiceTarget, (unit: FunctionUnit) => { files: Record<string, string>; unsupported: Unexpressed[] }>;

export type FunctionTarget = keyof typeof functionTargets;

/** A function with what it needs as files, path to text; none where something has no exact spelling, which `unsupported` names. */
export function generateFunctionModule(
	unit: FunctionUnit,
	target: FunctionTarget,
): { files: Record<string, string>; unsupported: Unexpressed[] } {
	return functionTargets[target](unit);
}
