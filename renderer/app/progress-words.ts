import type { Progress } from "../../core/contract/progress.ts";
import { count, duration } from "../ui/index.ts";

/** `1,204 of 5,000 files, 602 a second, about 7 s left`; of what may end at any moment only the counts: `412 of at most 690 cases`. */
export function progressWords({ done, total, unit, startedAt, isBound = false }: Progress, at: number): string {
	if (isBound && total === null) return done === 0 ? "Waits for its turn" : `${count(done)} ${unit}`;
	if (isBound && total !== null) return `${count(done)} of at most ${count(total)} ${unit}`;
	const seconds = (at - startedAt) / 1000;
	const rate = seconds > 0.5 ? done / seconds : 0;
	const words = [total === null ? `${count(done)} ${unit}` : `${count(done)} of ${count(total)} ${unit}`];
	if (rate >= 1) words.push(`${count(rate)} a second`);
	if (total !== null && rate > 0 && done < total)
		words.push(`about ${duration(Math.max(1000, Math.ceil((total - done) / rate) * 1000)).replace(".0", "")} left`);
	return words.join(", ");
}

/** Up to so many of one sort stand by themselves. */
const ALONE = 2;

type Same = readonly [Progress, ...Progress[]];

/** Works as they are shown: what there are many of as one, where the first of them stood. */
export function gathered(works: readonly Progress[]): readonly Same[] {
	const sorts = Map.groupBy(works, (work) => work.sort ?? work.id);
	return [...sorts.values()].flatMap((same): Same[] =>
		same.length > ALONE ? [same as [Progress, ...Progress[]]] : same.map((work) => [work]),
	);
}

/** Of many of one sort: `1 of 7 at work, 412 of at most 690 cases of this round, 6 waiting`. What waits has counted nothing yet. */
export function sumOf(works: readonly Progress[]): { done: number; total: number | null; words: string } {
	const known = works.filter((work) => work.total !== null);
	const [done, total] = [known.reduce((sum, work) => sum + work.done, 0), known.reduce((sum, work) => sum + (work.total ?? 0), 0)];
	const waiting = works.filter((work) => work.total === null && work.done === 0).length;
	const [first] = known;
	const words = [
		`${works.length - waiting} of ${works.length} at work`,
		...(first === undefined ? [] : [`${count(done)} of ${first.isBound ? "at most " : ""}${count(total)} ${first.unit}`]),
		...(waiting === 0 ? [] : [`${count(waiting)} waiting`]),
	];
	return { done, total: known.length === 0 ? null : total, words: words.join(", ") };
}
