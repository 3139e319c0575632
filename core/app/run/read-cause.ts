import { explainCause } from "../../compare/index.ts";
import type { CauseCase, CauseFinding } from "../../contract/cause.ts";
import type { Behaviour, ExampleSide, MismatchExample, MismatchGroup } from "../../contract/verdict.ts";
import type { Case } from "../lockstep/history.ts";

/** More say nothing new. */
const cleanRead = 200;

/**
 * What the examples of a group say of its cause from their values alone, beside clean cases of the same function. null where the repair has
 * found the place in the code: that knows more.
 */
export function readCause(
	group: MismatchGroup | undefined,
	examples: readonly MismatchExample[],
	cases: readonly Case[],
): CauseFinding | null {
	if (group === undefined || group.where !== null || examples.length === 0) return null;
	const failing = examples.map(
		({ request, legacy, modern, differences }): CauseCase => ({
			request,
			legacy: sideOf(legacy),
			modern: sideOf(modern),
			differences,
		}),
	);
	const clean = cases
		.filter((one) => one.clean)
		.slice(-cleanRead)
		.map(({ request, legacy }): CauseCase => ({ request, legacy, modern: legacy, differences: [] }));
	return explainCause({ field: group.field, failing, clean });
}

const sideOf = ({ status, body, changes = [] }: ExampleSide): Behaviour => ({ status, contentType: "", body, changes });
