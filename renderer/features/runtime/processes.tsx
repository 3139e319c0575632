import type { ProcessInfo, RuntimeState } from "../../../core/contract/runtime.ts";
import { Badge, bytes, clock, count, duration, type Tone } from "../../ui/index.ts";
import styles from "./processes.module.css";
import { Spark } from "./spark.tsx";

const roles: Record<ProcessInfo["role"], readonly [word: string, tone: Tone]> = {
	legacy: ["legacy", "warn"],
	core: ["engine", "plain"],
	gateway: ["gateway", "plain"],
	worker: ["gateway", "plain"],
	shadow: ["shadow", "info"],
	live: ["live", "accent"],
	load: ["load", "plain"],
};

type Props = { state: RuntimeState; source: string | null; onSource(source: string | null): void };

/** Everything that runs, with what it takes and answers. A press on a name shows what that process writes. */
export function Processes({ state, source, onSource }: Props) {
	const running = state.processes.filter(({ endedAt }) => endedAt === null);
	const ended = state.processes.filter(({ endedAt }) => endedAt !== null).reverse();
	return (
		// biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
		<section className={styles.box} tabIndex={0} aria-label="Processes">
			<table className={styles.table}>
				<thead>
					<tr>
						<th scope="col">Process</th>
						<th scope="col">Role</th>
						<th scope="col">Health</th>
						<th scope="col">Processor</th>
						<th scope="col">Memory</th>
						<th scope="col" className={styles.number}>
							Threads
						</th>
						<th scope="col" className={styles.number}>
							Files
						</th>
						<th scope="col" className={styles.number}>
							Up
						</th>
						<th scope="col" className={styles.number}>
							Restarts
						</th>
						<th scope="col" className={styles.number}>
							Port
						</th>
						<th scope="col" className={styles.number}>
							Process id
						</th>
					</tr>
				</thead>
				<tbody>
					{running.map((info) => (
						<Row key={info.id} info={info} state={state} chosen={source === info.id} onSource={onSource} />
					))}
				</tbody>
			</table>
			{ended.length === 0 ? null : (
				<details className={styles.ended}>
					<summary>{count(ended.length)} ended</summary>
					<ul>
						{ended.map((info) => (
							<li key={`${info.id} ${info.pid}`}>
								<button type="button" onClick={() => onSource(info.id)}>
									{info.title} {info.version === null ? "" : `v${info.version}`}
								</button>
								{roles[info.role][0]}, process {info.pid}, ended {clock(info.endedAt ?? 0).slice(0, 8)}
							</li>
						))}
					</ul>
				</details>
			)}
		</section>
	);
}

function Row({ info, state, chosen, onSource }: { info: ProcessInfo; state: RuntimeState; chosen: boolean } & Pick<Props, "onSource">) {
	const { resources, history } = info;
	const [word, tone] = roles[info.role];
	const none = state.measured ? "" : "not measured here";
	return (
		<tr className={chosen ? styles.chosen : ""}>
			<th scope="row">
				<button
					type="button"
					aria-pressed={chosen}
					disabled={!info.output.captured}
					title={info.output.captured ? `What it writes: ${info.output.files.join(", ")}` : info.output.reason}
					onClick={() => onSource(chosen ? null : info.id)}
				>
					{info.title}
				</button>
				{info.version === null ? null : <span className={styles.version}>v{info.version}</span>}
				{info.adopted ? <span className={styles.version}>taken over</span> : null}
			</th>
			<td>
				<Badge tone={tone}>{word}</Badge>
			</td>
			<td>
				<Health info={info} />
			</td>
			<td>
				{resources === null ? (
					none
				) : (
					<span className={styles.figure}>
						<Spark values={history.cpu} top={Math.max(100, ...history.cpu)} />
						{resources.cpu.toFixed(0)} %
					</span>
				)}
			</td>
			<td>
				{resources === null ? (
					none
				) : (
					<span className={styles.figure}>
						<Spark values={history.rss} top={Math.max(1, ...history.rss) * 1.25} />
						{bytes(resources.rss)}
					</span>
				)}
			</td>
			<td className={styles.number}>{resources?.threads ?? ""}</td>
			<td className={styles.number}>{resources?.files ?? ""}</td>
			<td className={styles.number}>{info.startedAt === null ? "" : duration(state.at - info.startedAt)}</td>
			<td className={`${styles.number} ${(info.restarts ?? 0) > 0 ? styles.bad : ""}`}>{info.restarts ?? ""}</td>
			<td className={styles.number}>{info.port ?? ""}</td>
			<td className={styles.number}>{info.pid ?? "elsewhere"}</td>
		</tr>
	);
}

function Health({ info: { health } }: { info: ProcessInfo }) {
	if (health === null) return <span className={styles.muted}>no check</span>;
	return (
		<span className={styles.health} title={`Asked at ${clock(health.at).slice(0, 8)}: ${health.answer}`}>
			<i className={health.ok ? styles.good : styles.broken} aria-hidden="true" />
			{health.ok ? "answers" : health.answer}
			{health.ok ? <span className={styles.muted}>{duration(health.ms)}</span> : null}
		</span>
	);
}
