import { CutList } from "./cut-list.tsx";
import styles from "./inspector.module.css";

/** Before anything is chosen: where to begin. Only what a route reaches, because traffic must prove the replacement. */
export function FirstCuts() {
	return (
		<div className={styles.first}>
			<h2>Extract first</h2>
			<p>
				Functions behind a route, the best first cut on top. Choose one here or on the map to see what cutting it means; press / to find one
				by name.
			</p>
			<CutList within="" most={20} />
		</div>
	);
}
