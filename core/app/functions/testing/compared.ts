import { join } from "node:path";
import { recordVectors } from "../../../generate/testing/vectors.ts";
import { type Specimen, specimens } from "./specimens.ts";
import { difference, translate } from "./translated.ts";
import { createValues } from "./typed-random.ts";

/** Calls every specimen `count` times with random values, in CPython and translated; says what differs. */
export async function compareSpecimens(dir: string, seed: number, count: number, chosen: readonly Specimen[] = specimens) {
	const values = createValues(seed);
	const jobs = chosen.map(({ source, kinds }) => ({
		source,
		function: "f",
		calls: Array.from({ length: count }, () => ({ args: kinds.map((kind) => values[kind]()) })),
	}));
	const recorded = recordVectors(jobs);
	const differences: string[] = [];
	let calls = 0;
	for (const [at, specimen] of chosen.entries()) {
		const translated = await translate(join(dir, String(at)), specimen.source, "f");
		const vectors = recorded[at];
		if (Array.isArray(translated)) differences.push(`${specimen.name}: refused: ${translated.map((one) => one.construct).join("; ")}`);
		else if (typeof vectors === "string" || !vectors) differences.push(`${specimen.name}: ${vectors}`);
		else {
			const found = vectors.flatMap((vector) => difference(vector, translated.run(vector)) ?? []);
			calls += vectors.length;
			if (found.length > 0) differences.push(`${specimen.name}: ${found.length} of ${vectors.length}\n  ${found[0]}`);
		}
	}
	return { differences, calls };
}
