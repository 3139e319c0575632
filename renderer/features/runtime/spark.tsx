import styles from "./processes.module.css";

const WIDTH = 84;
const HEIGHT = 22;
const SECONDS = 120;

/** The last two minutes as a line; its newest value stands beside it in words. */
export function Spark({ values, top }: { values: readonly number[]; top: number }) {
	if (values.length < 2) return <svg className={styles.spark} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} aria-hidden="true" />;
	const step = WIDTH / (SECONDS - 1);
	const left = WIDTH - (values.length - 1) * step;
	const y = (value: number) => HEIGHT - 1.5 - (Math.min(value, top) / top) * (HEIGHT - 3);
	const line = values
		.map((value, index) => `${index === 0 ? "M" : "L"}${(left + index * step).toFixed(1)} ${y(value).toFixed(1)}`)
		.join("");
	return (
		<svg className={styles.spark} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} aria-hidden="true">
			<path className={styles.area} d={`${line}V${HEIGHT}H${left.toFixed(1)}Z`} />
			<path className={styles.line} d={line} />
		</svg>
	);
}
