import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";

/** Homes that stay beside the present one, to look into after a demo. */
const KEPT = 1;

/** The sample bank lives in `sample`; a later demo gets a bank of its own in `sample-2`, `sample-3`, ... */
export type SampleHome = { dir: string; round: number };

const nameOf = (round: number) => (round === 1 ? "sample" : `sample-${round}`);

/** The newest home of this state directory. */
export function sampleHome(dir: string): SampleHome {
	const round = Math.max(1, ...roundsIn(dir));
	return { dir: join(dir, nameOf(round)), round };
}

/** A new one; of those before, which hold nothing but the sample's own files, the oldest are taken away. */
export function nextSampleHome(dir: string): SampleHome {
	const rounds = roundsIn(dir).sort((one, other) => other - one);
	for (const old of rounds.slice(KEPT)) rmSync(join(dir, nameOf(old)), { recursive: true, force: true });
	const home = { dir: join(dir, nameOf((rounds[0] ?? 0) + 1)), round: (rounds[0] ?? 0) + 1 };
	mkdirSync(home.dir, { recursive: true });
	return home;
}

/** Takes every home away; capsule and journal stay. */
export function removeSampleHomes(dir: string): void {
	for (const round of roundsIn(dir)) rmSync(join(dir, nameOf(round)), { recursive: true, force: true });
}

function roundsIn(dir: string): number[] {
	return readdirSync(dir, { withFileTypes: true })
		.filter((entry) => entry.isDirectory())
		.flatMap(({ name }) => {
			const [, number] = /^sample(?:-(\d+))?$/.exec(name) ?? [];
			return name === "sample" ? [1] : number === undefined ? [] : [Number(number)];
		});
}
