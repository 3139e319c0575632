import { TriangleAlert, Undo2 } from "lucide-react";
import type { TableEquality } from "../../core/contract/api.ts";
import { clock, count, percent, plural, timeZoneWords } from "../ui/index.ts";
import { CommandButton } from "./command-button.tsx";
import { useEngine, useSettings, useUndo } from "./context.tsx";
import styles from "./status-bar.module.css";

/** Seconds over which the split of the traffic is told. */
const SPLIT_OVER = 10;

export function StatusBar() {
	const connection = useEngine((state) => state.connection);
	const version = useEngine((state) => state.snapshot?.version ?? null);
	const isRouted = useEngine((state) => state.snapshot?.system != null);
	return (
		<footer className={styles.status}>
			<span>
				<Dot state={connection === "open" ? "good" : connection === "connecting" ? "none" : "bad"} />
				{connection === "open" ? `Core ${version ?? ""}` : connection === "connecting" ? "Connecting" : "Core lost"}
			</span>
			{isRouted ? <Routing /> : <span>Nothing is routed yet</span>}
			<div className={styles.side}>
				<LastStep />
				<Warnings />
				<Zone />
			</div>
		</footer>
	);
}

/** Who answers the clients now, over the last seconds. */
function Routing() {
	const system = useEngine((state) => state.snapshot?.system ?? null);
	const split = useEngine(({ snapshot }) => {
		const last = snapshot?.traffic.slice(-SPLIT_OVER) ?? [];
		const [legacy, modern] = [sum(last.map((point) => point.legacyRps)), sum(last.map((point) => point.modernRps))];
		return legacy + modern === 0 ? null : modern / (legacy + modern);
	});
	const rate = useEngine(({ snapshot }) => {
		const last = snapshot?.traffic.slice(-SPLIT_OVER) ?? [];
		return last.length === 0 ? 0 : Math.round(sum(last.map((point) => point.legacyRps + point.modernRps)) / last.length);
	});
	if (system === null) return null;
	const { legacy, gateway, shadow } = system;
	return (
		<>
			<span>
				<Dot state={legacy.retired ? "none" : legacy.alive ? "good" : "bad"} />
				Legacy {legacy.address} {legacy.retired ? "is retired" : legacy.alive ? "is alive" : "does not answer"}
			</span>
			<span title={`Answers to clients over the last ${SPLIT_OVER} seconds`}>
				Gateway :{gateway.port}
				{split === null ? null : (
					<>
						<i className={styles.split} aria-hidden="true">
							<b style={{ width: percent(split).replace("\u00a0", "") }} />
						</i>
						<span>
							legacy {percent(1 - split)}, modern {percent(split)}
						</span>
						<span className={styles.rate}>{rate}/s</span>
					</>
				)}
			</span>
			<span className={styles.shadow} title={equalityWords(shadow.tables)}>
				<Dot state={shadow.ready ? "good" : "none"} />
				Shadow {shadow.ready ? "in step" : shadow.clones > 0 ? "is made anew" : "not needed yet"}
				{shadow.tables?.wholeAt ? `, ${count(shadow.tables.rows)} rows equal` : ""}
				{shadow.waiting > 0 ? `, ${plural(shadow.waiting, "request")} waiting` : ""}
			</span>
		</>
	);
}

/** When all rows of the shadow were last found equal to legacy's. */
function equalityWords(tables: TableEquality | null): string | undefined {
	if (tables === null) return undefined;
	const { wholeAt, rows, passes, failure } = tables;
	if (failure !== null) return `The shadow's tables could not be compared with legacy's: ${failure}`;
	if (wholeAt === null) return "The shadow's tables are being compared with legacy's";
	return `All ${plural(rows, "row")} of ${plural(tables.tables, "table")} equal legacy's, ${plural(passes, "time")} so far, last at ${clock(wholeAt).slice(0, 8)}`;
}

/** What Ctrl+Z would take back; there only while it would take something back. */
function LastStep() {
	const isThere = useUndo((state) => state.past.length > 0);
	return isThere ? (
		<CommandButton id="edit.undo" look="quiet" className={styles.button} icon={<Undo2 size={13} aria-hidden="true" />} />
	) : null;
}

function Warnings() {
	const warnings = useEngine((state) => state.snapshot?.alerts.length ?? 0);
	if (warnings === 0) return null;
	return (
		<CommandButton
			id="window.problems"
			look="quiet"
			className={`${styles.button} ${styles.warn}`}
			icon={<TriangleAlert size={13} aria-hidden="true" />}
		>
			{plural(warnings, "warning")}
		</CommandButton>
	);
}

function Zone() {
	// Asked again when the choice changes.
	useSettings((state) => state.timeZone);
	const at = useEngine((state) => state.snapshot?.at ?? 0);
	return (
		<CommandButton id="go.settings" look="quiet" className={styles.button}>
			{timeZoneWords(at)}
		</CommandButton>
	);
}

function Dot({ state }: { state: "good" | "bad" | "none" }) {
	return <i className={`${styles.dot} ${state === "good" ? styles.dotGood : state === "bad" ? styles.dotBad : ""}`} aria-hidden="true" />;
}

const sum = (values: number[]) => values.reduce((all, value) => all + value, 0);
