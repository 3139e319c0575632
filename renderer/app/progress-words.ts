import type { Progress } from "../../core/contract/progress.ts";
import { count, duration } from "../ui/index.ts";

/** `1,204 of 5,000 files, 602 a second, about 7 s left`. */
export function progressWords({ done, total, unit, startedAt }: Progress, at: number): string {
	const seconds = (at - startedAt) / 1000;
	const rate = seconds > 0.5 ? done / seconds : 0;
	const words = [total === null ? `${count(done)} ${unit}` : `${count(done)} of ${count(total)} ${unit}`];
	if (rate >= 1) words.push(`${count(rate)} a second`);
	if (total !== null && rate > 0 && done < total)
		words.push(`about ${duration(Math.max(1000, Math.ceil((total - done) / rate) * 1000)).replace(".0", "")} left`);
	return words.join(", ");
}
