import type { GateResult, PatchInfo } from "../../contract/run.ts";
import { type CommandInput, textOf, wrongUsage } from "./command.ts";
import type { Client } from "./connect.ts";

export const patchVerbs = ["patches", "preview", "accept", "refuse", "reopen", "revert"] as const;
export type PatchVerb = (typeof patchVerbs)[number];

/** `run patches`, and `run accept PATCH --hunks 1,3`: the screen's decisions on patches by the same names. */
export async function performOnPatch(verb: PatchVerb, client: Client, input: CommandInput): Promise<number> {
	const { patches } = await client.state.snapshot({});
	if (verb !== "patches") return performOnOne(verb, client, input, patches);
	if (input.json) console.log(JSON.stringify(patches));
	else for (const patch of patches) console.log(lineOf(patch));
	return 0;
}

/** On the named patch, or on the only one that waits. */
async function performOnOne(
	verb: Exclude<PatchVerb, "patches">,
	client: Client,
	input: CommandInput,
	patches: PatchInfo[],
): Promise<number> {
	const [, id] = input.positionals;
	const waiting = patches.filter((patch) => patch.state === "proposed");
	const patch = id ?? (waiting.length === 1 ? waiting[0]?.id : undefined);
	if (patch === undefined) wrongUsage();
	const hunks = hunksOf(
		patches.find((one) => one.id === patch),
		textOf(input, "hunks"),
	);
	const asked = hunks === undefined ? { patch } : { patch, hunks };
	switch (verb) {
		case "preview":
			for await (const event of await client.patch.preview(asked)) if (event.kind === "result") say(input, event.gate);
			return 0;
		case "accept":
			say(input, await client.patch.accept(asked));
			return 0;
		case "refuse":
		case "reopen":
		case "revert":
			await client.patch[verb]({ patch });
			console.log(input.json ? "{}" : "done");
			return 0;
	}
}

/** By their numbers in `run patches`, or by id. */
function hunksOf(patch: PatchInfo | undefined, text: string | undefined): string[] | undefined {
	return text?.split(",").map((name) => (/^\d+$/.test(name) ? (patch?.hunks[Number(name) - 1]?.id ?? name) : name));
}

function lineOf({ id, state, cause, gate, hunks }: PatchInfo): string {
	const places = hunks.map(({ site, explains, legacy }, index) => {
		const where = `${site.span.file}:${site.span.line}`;
		return `    ${index + 1}  ${where.padEnd(18)} needed by ${String(explains.count).padStart(3)}  ${legacy.text}`;
	});
	const cases = `${gate.failing.passed} of ${gate.failing.total} failing, ${gate.clean.passed} of ${gate.clean.total} clean`;
	return [`${id.padEnd(30)} ${state.padEnd(10)} ${cases}  ${cause}`, ...places].join("\n");
}

function say(input: CommandInput, gate: GateResult): void {
	if (input.json) console.log(JSON.stringify(gate));
	else {
		const { hunks, failing, clean, rows, open, passed } = gate;
		console.log(`${passed ? "passed" : "not passed"}: ${hunks.length} places exact`);
		console.log(
			`  failing cases that agree  ${failing.passed} of ${failing.total}${open.length > 0 ? `; ${open.length} stay different` : ""}`,
		);
		console.log(`  clean cases that agree    ${clean.passed} of ${clean.total}`);
		console.log(`  row changes that agree    ${rows.passed} of ${rows.total}`);
	}
}
