import type { MapClass } from "../../state/index.ts";
import { mapClasses } from "../../state/index.ts";
import { count } from "../../ui/index.ts";
import styles from "./legend.module.css";
import { useLook, useNote } from "./use-map.ts";

const words: Record<MapClass, string> = {
	isolated: "Isolated",
	coupled: "Coupled",
	entangled: "Entangled",
	route: "Route",
	table: "Table",
};

/** Colour is never alone: every class has its shape. Each entry takes its class off the map and brings it back. */
export function Legend({ directions, cut }: { directions: boolean; cut: { shown: number; whole: number } | null }) {
	const { off } = useLook();
	const note = useNote();
	const toggle = (one: MapClass) => note({ off: off.includes(one) ? off.filter((other) => other !== one) : [...off, one] });
	return (
		<section className={styles.legend} aria-label="Legend">
			<ul>
				{mapClasses.map((one) => (
					<li key={one}>
						<button
							type="button"
							aria-pressed={!off.includes(one)}
							title={off.includes(one) ? `Show ${words[one].toLowerCase()} again` : `Hide ${words[one].toLowerCase()}`}
							onClick={() => toggle(one)}
						>
							<Shape kind={one} /> {words[one]}
						</button>
					</li>
				))}
				{directions ? (
					<>
						<li className={styles.way}>
							<Way kind="into" /> Calls it
						</li>
						<li className={styles.way}>
							<Way kind="out" /> It calls
						</li>
						{cut === null ? null : (
							<li className={styles.way} title="The nearest are drawn; fewer steps show them all.">
								<strong role="status">
									{count(cut.shown)} of {count(cut.whole)} shown
								</strong>
							</li>
						)}
					</>
				) : (
					<li className={styles.hint}>Size is complexity</li>
				)}
			</ul>
		</section>
	);
}

const paths = {
	isolated: "M4 8 6 4.5h4L12 8l-2 3.5H6Z",
	coupled: "M12 8a4 4 0 1 1-8 0 4 4 0 0 1 8 0Z",
	entangled: "m8 3 5 5-5 5-5-5Z",
	route: "M3 5h7l3 3-3 3H3Z",
	table: "M4 4.5q4-2 8 0v7q-4 2-8 0Z",
	bubble: "M13 8a5 5 0 1 1-10 0 5 5 0 0 1 10 0Z",
} as const;

export function Shape({ kind }: { kind: keyof typeof paths }) {
	return (
		<svg className={`${styles.shape} ${styles[kind]}`} viewBox="1 1 14 14" aria-hidden="true">
			<path d={paths[kind]} />
		</svg>
	);
}

function Way({ kind }: { kind: "into" | "out" }) {
	return (
		<svg className={`${styles.arrow} ${styles[kind]}`} viewBox="0 0 26 12" aria-hidden="true">
			<path d="M1 6h19" />
			<path d={kind === "into" ? "m17 2 6 4-6 4 2-4Z" : "m17 2 7 4-7 4Z"} fill="currentColor" />
		</svg>
	);
}
