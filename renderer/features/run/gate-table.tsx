import { CircleCheck, CircleDot } from "lucide-react";
import type { Migration } from "../../../core/contract/run.ts";
import { plural } from "../../ui/index.ts";
import styles from "./detail.module.css";
import { opensBy } from "./gates.ts";

/** Why it is not promoted yet: what the arbiter asks before the next step, each with its value, its limit and what would open it. */
export function GateTable({ migration }: { migration: Migration }) {
	const { gates } = migration;
	if (gates.length === 0) return null;
	const closed = gates.filter((gate) => !gate.open);
	const next = migration.stage === "canary" ? "the next weight" : "the canary";
	return (
		<section className={styles.part} aria-labelledby="gates-title">
			<h3 id="gates-title">
				{closed.length === 0 ? `Every gate to ${next} is open` : `Why not promoted: ${plural(closed.length, "gate")} to ${next} closed`}
			</h3>
			<table className={styles.gates}>
				<thead>
					<tr>
						<th scope="col">Gate</th>
						<th scope="col">Value</th>
						<th scope="col">Limit</th>
						<th scope="col">What would open it</th>
					</tr>
				</thead>
				<tbody>
					{[...closed, ...gates.filter((gate) => gate.open)].map((gate) => (
						<tr key={gate.name} className={gate.open ? styles.open : styles.closed}>
							<th scope="row">
								{gate.open ? <CircleCheck size={15} aria-hidden="true" /> : <CircleDot size={15} aria-hidden="true" />}
								<span className="sr-only">{gate.open ? "open: " : "closed: "}</span>
								{gate.name}
							</th>
							<td>{gate.value}</td>
							<td>{gate.limit}</td>
							<td>{gate.open ? "open" : opensBy(gate, migration)}</td>
						</tr>
					))}
				</tbody>
			</table>
		</section>
	);
}
