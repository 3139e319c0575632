import { useMemo } from "react";
import type { MismatchExample } from "../../../core/contract/verdict.ts";
import styles from "./mismatch.module.css";
import { pairLines, type ValueLine, valueLines } from "./value-lines.ts";

/** Both answers by their values, each place beside its partner, whatever their notation. */
export function Answers({ example: { legacy, modern, differences } }: { example: MismatchExample }) {
	const pairs = useMemo(() => {
		const fields = differences.map((difference) => difference.field);
		return pairLines(valueLines(legacy.body), valueLines(modern.body), fields);
	}, [legacy, modern, differences]);
	const statusDiffers = legacy.status !== modern.status;
	return (
		<section aria-labelledby="answers-title">
			<h4 id="answers-title">Answers</h4>
			{/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
			<section className={styles.scroll} tabIndex={0} aria-label="Both answers side by side">
				<table className={styles.answers}>
					<thead>
						<tr>
							<th scope="col" className={styles.legacy}>
								Legacy <Status code={legacy.status} differs={statusDiffers} />
							</th>
							<th scope="col" className={styles.modern}>
								Modern <Status code={modern.status} differs={statusDiffers} />
							</th>
						</tr>
					</thead>
					<tbody>
						{pairs.length === 0 ? (
							<tr>
								<td>empty</td>
								<td>empty</td>
							</tr>
						) : (
							pairs.map((pair, index) => (
								// biome-ignore lint/suspicious/noArrayIndexKey: the lines of one example never move
								<tr key={index} className={pair.differs ? styles.differs : ""}>
									<Side line={pair.legacy} differs={pair.differs} />
									<Side line={pair.modern} differs={pair.differs} />
								</tr>
							))
						)}
					</tbody>
				</table>
			</section>
		</section>
	);
}

function Status({ code, differs }: { code: number; differs: boolean }) {
	const words = `status ${code === 0 ? "none" : code}`;
	return <span>{differs ? <mark>{words}</mark> : words}</span>;
}

function Side({ line, differs }: { line: ValueLine | null; differs: boolean }) {
	if (line === null) return <td className={styles.gap}>{differs ? <span className="sr-only">missing</span> : null}</td>;
	return <td style={{ paddingLeft: `${0.5 + line.indent * 0.9}rem` }}>{differs ? <mark>{line.text}</mark> : line.text}</td>;
}
