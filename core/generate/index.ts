// Blueprint -> service, as a table of texts. Pure: no file is read or written, no process started; `core/app` does that.
// A new target is one folder and one line below. What cannot be written exactly is refused by name (UNSUPPORTED).
import { Fault } from "../base/index.ts";
import type { Blueprint, Choices, ServiceFiles } from "../contract/blueprint.ts";
import type { FunctionUnit, Unexpressed } from "../contract/function-ir.ts";
import type { Trace } from "../contract/plan.ts";
import { generateSpringBoot } from "./targets/spring-boot/index.ts";
import { generateFunctions as generateTypescriptFunctions } from "./targets/typescript/functions/index.ts";
import { generateTypescript, generateWatchedTypescript, traceTypescript } from "./targets/typescript/index.ts";

export { sitesOf } from "../contract/sites.ts";

export const targets = {
	typescript: generateTypescript,
	"spring-boot": generateSpringBoot,
} satisfies Record<string, (blueprint: Blueprint, choices: Choices) => ServiceFiles>;

export type Target = keyof typeof targets;

/** Of the Java lines none is traced yet. */
const traces = { typescript: traceTypescript, "spring-boot": () => [] } satisfies Record<
	Target,
	(blueprint: Blueprint, choices: Choices) => Trace[]
>;

/** Which generated lines each piece of legacy became, for the same blueprint and choices; nothing for what was refused. */
export function traceService(blueprint: Blueprint, choices: Choices, target: Target): Trace[] {
	return blueprint.unsupported.length > 0 ? [] : traces[target](blueprint, choices);
}

const watched = { typescript: generateWatchedTypescript, "spring-boot": refuseBranches } satisfies Record<
	Target,
	(blueprint: Blueprint, choices: Choices) => ServiceFiles
>;

/**
 * The build for the shadow: the same service, which also says which branches each request takes, as numbers of `branchesOf`.
 * Never for an instance that clients reach: of that, not one letter is changed.
 */
export function generateWatchedService(blueprint: Blueprint, choices: Choices, target: Target): ServiceFiles {
	refuseUnsupported(blueprint);
	return watched[target](blueprint, choices);
}

/** The files of the service, path to text. `choices` names the sites that keep legacy's semantics; the others get the idiom. */
export function generateService(blueprint: Blueprint, choices: Choices, target: Target): ServiceFiles {
	refuseUnsupported(blueprint);
	return targets[target](blueprint, choices);
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
} satisfies Record<string, (unit: FunctionUnit) => { files: Record<string, string>; unsupported: Unexpressed[] }>;

export type FunctionTarget = keyof typeof functionTargets;

/** A function with what it needs as files, path to text; none where something has no exact spelling, which `unsupported` names. */
export function generateFunctionModule(
	unit: FunctionUnit,
	target: FunctionTarget,
): { files: Record<string, string>; unsupported: Unexpressed[] } {
	return functionTargets[target](unit);
}

/** A service that cannot say its branches must not be counted by them. */
function refuseBranches({ unit, functions: [first] }: Blueprint): never {
	const { file, line } = first?.span ?? { file: unit, line: 1 };
	const remedy = "Shadow the TypeScript build of the same blueprint: it says its branches.";
	throw new Fault("UNSUPPORTED", { function: unit, construct: "evidence by branch from the Spring Boot build", file, line, remedy });
}
