import { OctagonAlert, PlugZap } from "lucide-react";
import { useState } from "react";
import { clock, duration, plural } from "../ui/index.ts";
import styles from "./banners.module.css";
import { CommandButton } from "./command-button.tsx";
import { useEngine, useScreen, useSettings } from "./context.tsx";
import { ErrorCard } from "./error-card.tsx";
import { detailsOf } from "./trouble.ts";

/** What must not be overlooked: the kill switch is pressed, or the core is gone. */
export function Banners() {
	const panic = useEngine((state) => state.snapshot?.system?.gateway.stats.panic ?? null);
	const panicMs = useEngine((state) => state.panicMs);
	const connection = useEngine((state) => state.connection);
	const attempts = useEngine((state) => state.attempts);
	const known = useEngine((state) => state.snapshot !== null);
	const open = useEngine((state) => state.snapshot?.system?.gateway.stats.openRequests ?? 0);
	useSettings((state) => state.timeZone);
	return (
		<>
			{panic === null ? null : (
				<section className={styles.banner} aria-label="Kill switch">
					<OctagonAlert size={18} aria-hidden="true" />
					<p>
						<strong>All traffic goes to legacy since {clock(panic.at).slice(0, 8)}.</strong> {panic.reason}.
						{panicMs === null ? "" : ` The switch took ${duration(panicMs)}.`} {plural(open, "request")} in flight.
					</p>
					<CommandButton id="system.clearPanic">Clear</CommandButton>
				</section>
			)}
			{(connection === "lost" || connection === "refused") && known ? (
				<section className={`${styles.banner} ${styles.lost}`} aria-label="Connection">
					<PlugZap size={18} aria-hidden="true" />
					<p role="status">
						{connection === "refused"
							? "A core answers that does not know this window. Open Phoenix by the address that it printed."
							: `The core does not answer; what you see may be old. A gateway that is running keeps serving. Attempt ${attempts}.`}
					</p>
					<CommandButton id="window.retry">Try now</CommandButton>
				</section>
			) : null}
		</>
	);
}

/** More would hide what they are about; the rest stands under the warnings of the status bar. */
const MAX_CARDS = 2;

export function ErrorCards() {
	const raised = useScreen((state) => state.errors);
	const dismiss = useScreen((state) => state.dismiss);
	const alerts = useEngine((state) => state.snapshot?.alerts ?? null);
	const [hidden, setHidden] = useState<readonly string[]>([]);
	const told = (alerts ?? []).filter((alert) => !hidden.includes(alert.what) && !raised.some(({ fault }) => fault.what === alert.what));
	const cards = [
		...told.map((fault) => ({ key: detailsOf(fault), fault, close: () => setHidden([...hidden, fault.what]) })),
		...raised.map(({ id, fault }) => ({
			key: String(id),
			fault,
			close() {
				// The core tells the same fault as an alert; closed once is closed.
				setHidden([...hidden, fault.what]);
				dismiss(id);
			},
		})),
	];
	return (
		<div className={styles.errors} role="log" aria-label="Errors">
			{cards.slice(-MAX_CARDS).map(({ key, fault, close }) => (
				<ErrorCard key={key} fault={fault} onDismiss={close} />
			))}
		</div>
	);
}
