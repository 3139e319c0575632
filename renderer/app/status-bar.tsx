import { count } from "../ui/index.ts";
import { useEngine } from "./context.tsx";
import styles from "./shell.module.css";

export function StatusBar() {
	const connection = useEngine((state) => state.connection);
	const version = useEngine((state) => state.snapshot?.version ?? null);
	const system = useEngine((state) => state.snapshot?.system ?? null);
	const requests = useEngine((state) => state.snapshot?.totals.requests ?? 0);
	const modern = system === null ? 0 : system.gateway.stats.byArm.modern;
	return (
		<footer className={styles.status}>
			<span>
				<Dot state={connection === "open" ? "good" : connection === "connecting" ? "none" : "bad"} />
				{connection === "open" ? `Core ${version ?? ""}` : connection === "connecting" ? "Connecting" : "Core lost"}
			</span>
			{system === null ? (
				<span>Nothing is routed yet</span>
			) : (
				<>
					<span>
						<Dot state={system.legacy.alive ? "good" : system.legacy.retired ? "none" : "bad"} />
						Legacy {system.legacy.address} {system.legacy.retired ? "retired" : system.legacy.alive ? "alive" : "does not answer"}
					</span>
					<span>Gateway :{system.gateway.port}</span>
					<span>
						{count(requests)} requests, {count(modern)} answered by new services
					</span>
					<span>
						<Dot state={system.shadow.ready ? "good" : "none"} />
						Shadow {system.shadow.ready ? "ready" : "not ready"}
						{system.shadow.waiting > 0 ? `, ${count(system.shadow.waiting)} waiting` : ""}
					</span>
				</>
			)}
		</footer>
	);
}

function Dot({ state }: { state: "good" | "bad" | "none" }) {
	return <i className={`${styles.dot} ${state === "good" ? styles.dotGood : state === "bad" ? styles.dotBad : ""}`} aria-hidden="true" />;
}
