import { useEngine } from "../../app/context.tsx";
import styles from "./settings.module.css";

/** Chosen when the engine is started; read here, not set. */
export function EngineFacts() {
	const version = useEngine((state) => state.snapshot?.version ?? null);
	const dir = useEngine((state) => state.snapshot?.dir ?? null);
	const gateway = useEngine((state) => state.snapshot?.system?.gateway.port ?? null);
	const adopted = useEngine((state) => state.snapshot?.system?.gateway.adopted ?? false);
	const workers = useEngine((state) => state.snapshot?.system?.gateway.stats?.workers?.length ?? null);
	const legacy = useEngine((state) => state.snapshot?.system?.legacy.address ?? null);
	const facts: readonly [title: string, value: string, option: string][] = [
		["Version", version ?? "not connected", ""],
		["State directory", dir ?? "not connected", "--state DIR"],
		[
			"Gateway port",
			gateway === null ? "no gateway yet" : `${gateway}${adopted ? ", taken over from a former start" : ""}`,
			"--gateway-port N",
		],
		["Gateway workers", workers === null ? "no gateway yet" : String(workers), "--gateway-workers N"],
		["Legacy system", legacy ?? "none attached", "--legacy HOST:PORT"],
		["Screen", location.host === "" ? "this window" : location.host, "--port N"],
	];
	return (
		<>
			<p className={styles.note}>Chosen when the engine starts, with the option of `phoenix serve` beside it.</p>
			<dl className={styles.facts}>
				{facts.map(([title, value, option]) => (
					<div key={title}>
						<dt>{title}</dt>
						<dd>{value}</dd>
						<dd>
							<code>{option}</code>
						</dd>
					</div>
				))}
			</dl>
		</>
	);
}
