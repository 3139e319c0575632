import { CommandButton } from "../../app/command-button.tsx";
import { count, plural } from "../../ui/index.ts";
import { sumsOf } from "./comparison-words.ts";
import styles from "./comparisons.module.css";
import { useComparisons } from "./use-comparisons.ts";

/** What the gateway mirrors itself, compared: one line of figures. Nothing, where nothing was compared. */
export function Comparisons() {
	const report = useComparisons();
	if (report === null || report.routes.length === 0) return null;
	const { matched, mismatched, others } = sumsOf(report.routes);
	return (
		<section className={styles.line} aria-label="Mirrored traffic compared">
			<p>
				<strong>{count(matched + mismatched)}</strong> mirrored answers compared on {plural(report.routes.length, "route")},{" "}
				<strong className={mismatched > 0 ? styles.bad : ""}>{count(mismatched)}</strong> differ
				{others > 0 ? `, ${count(others)} failed or not comparable` : ""}
				{report.isRunning ? "" : "; nobody compares at this moment"}
			</p>
			<CommandButton id="comparisons.show" look="quiet" />
		</section>
	);
}
