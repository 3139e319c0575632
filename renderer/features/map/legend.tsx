import styles from "./map.module.css";

/** Colour is never alone: every class has its shape. */
export function Legend() {
	return (
		<section className={styles.legend} aria-label="Legend">
			<ul>
				<li>
					<Shape kind="isolated" /> Isolated
				</li>
				<li>
					<Shape kind="coupled" /> Coupled
				</li>
				<li>
					<Shape kind="entangled" /> Entangled
				</li>
				<li>
					<Shape kind="route" /> Route
				</li>
				<li>
					<Shape kind="table" /> Table
				</li>
				<li className={styles.hint}>Size is complexity</li>
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
} as const;

export function Shape({ kind }: { kind: keyof typeof paths }) {
	return (
		<svg className={`${styles.shape} ${styles[kind]}`} viewBox="1 1 14 14" aria-hidden="true">
			<path d={paths[kind]} />
		</svg>
	);
}
