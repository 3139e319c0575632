import type { Gate, Migration, Policy } from "../../../core/contract/run.ts";
import { useEngine } from "../../app/context.tsx";
import { count, duration } from "../../ui/index.ts";
import styles from "./detail.module.css";
import { isGuard } from "./gates.ts";

/** The weights of the policy as steps, the guards of the present one, and how long it still has. */
export function Canary({ migration, policy }: { migration: Migration; policy: Policy }) {
	const now = useEngine((state) => state.snapshot?.at ?? 0);
	const { canary, stage, gates } = migration;
	if (canary === null && stage !== "promoted") return null;
	const step = canary?.step ?? policy.canary.length;
	const present = policy.canary[step];
	const inForce = canary !== null && canary.weight === present?.weight;
	const spent = canary === null || !inForce ? 0 : Math.max(0, now - canary.since);
	const left = present === undefined ? 0 : Math.max(0, present.holdMs - spent);
	return (
		<section className={styles.part} aria-labelledby="canary-title">
			<h3 id="canary-title">Canary</h3>
			<ol className={styles.steps}>
				{policy.canary.map(({ weight, holdMs }, index) => {
					const state = index < step ? "done" : index === step ? "now" : "ahead";
					return (
						<li key={weight} className={styles[state]} aria-current={state === "now" ? "step" : undefined}>
							<b>{weight} %</b>
							<span>{state === "done" ? "held" : state === "now" ? (inForce ? leftWords(left) : "being routed") : duration(holdMs)}</span>
							<i aria-hidden="true">
								<i style={{ width: state === "done" ? "100%" : state === "now" ? `${(100 * spent) / Math.max(1, holdMs)}%` : 0 }} />
							</i>
						</li>
					);
				})}
			</ol>
			{canary === null ? null : (
				<>
					<p className={styles.figures}>
						<b>{count(canary.requests)}</b> answered by the new service at {canary.weight} %, <b>{count(canary.errors)}</b> errors. p95{" "}
						<b>{canary.modernP95.toFixed(1)} ms</b> beside <b>{canary.legacyP95.toFixed(1)} ms</b> of legacy.
					</p>
					<ul className={styles.guards} aria-label="Guards; each takes all clients back to legacy at once">
						{gates.filter(isGuard).map((gate) => (
							<Guard key={gate.name} gate={gate} />
						))}
					</ul>
				</>
			)}
		</section>
	);
}

const titles: Record<string, string> = {
	"error rate": "Errors",
	latency: "Latency",
	"open mismatches": "Drift in the shadowed rest",
};

function Guard({ gate }: { gate: Gate }) {
	return (
		<li className={gate.open ? "" : styles.broken}>
			<span>{titles[gate.name] ?? gate.name}</span>
			<b>{gate.value}</b>
			<span>limit {gate.limit}</span>
		</li>
	);
}

const leftWords = (ms: number): string => (ms === 0 ? "held long enough" : `${duration(ms)} left`);
