import type { LineReason, SourceSlice } from "../../../core/contract/plan.ts";
import styles from "./workbench.module.css";

const roles: Record<LineReason["role"], string> = {
	signature: "begins a function of the slice",
	code: "is in the slice",
	rule: "is a business rule",
	refusal: "refuses a request",
	data: "is data of the slice",
	"left-out": "is left out of the service",
	comment: "is a comment of the slice",
};

/** Why the chosen line is in the slice, and the way to it from the route. */
export function Why({
	slice,
	file,
	line,
	onGo,
}: {
	slice: SourceSlice;
	file: string;
	line: number;
	onGo(file: string, line: number): void;
}) {
	const found = slice.files.find((one) => one.path === file)?.lines.find((one) => one.line === line);
	const way = found === undefined ? [] : (slice.ways[found.owner] ?? []);
	return (
		<section className={styles.why} aria-label="Why this line" aria-live="polite">
			<h3>
				Line {line} {found === undefined ? "is not in the slice" : roles[found.role]}
			</h3>
			{found === undefined ? (
				<p>No path of the routes that move comes by here.</p>
			) : (
				<>
					<ul>
						{found.reasons.map((reason) => (
							<li key={reason.text}>
								{reason.text}
								{reason.witnesses.map((witness) =>
									witness.kind === "line" && (witness.line !== line || witness.file !== file) ? (
										<button
											key={`${witness.file}:${witness.line}`}
											type="button"
											className={styles.jump}
											onClick={() => onGo(witness.file, witness.line)}
										>
											{witness.file}:{witness.line}
										</button>
									) : null,
								)}
							</li>
						))}
					</ul>
					{way.length === 0 ? null : (
						<p className={styles.way}>
							The way to {found.owner}:{" "}
							{way.map((call) => (
								<button key={`${call.caller}${call.line}`} type="button" className={styles.jump} onClick={() => onGo(call.file, call.line)}>
									{call.caller}
								</button>
							))}
						</p>
					)}
				</>
			)}
		</section>
	);
}
