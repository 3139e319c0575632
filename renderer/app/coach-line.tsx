import { Hexagon, X } from "lucide-react";
import { Button } from "../ui/index.ts";
import { useApp, useEngine, useSettings } from "./context.tsx";
import styles from "./shell.module.css";

/** One line over the first map, until it is closed or a first function was chosen to be cut. */
export function CoachLine() {
	const { settings } = useApp();
	const coached = useSettings((state) => state.coached);
	const isStarted = useEngine((state) => (state.snapshot?.migrations.length ?? 0) > 0);
	if (coached || isStarted) return null;
	return (
		<aside className={styles.coach} aria-label="First steps">
			<Hexagon size={16} aria-hidden="true" />
			<p>
				<strong>Green hexagons are the easy cuts.</strong> Press one to see why, then “Isolate and modernize”.
			</p>
			<Button
				look="quiet"
				aria-label="Close the first steps"
				icon={<X size={15} aria-hidden="true" />}
				onClick={() => settings.getState().change({ coached: true })}
			/>
		</aside>
	);
}
