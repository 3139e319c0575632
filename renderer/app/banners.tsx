import { OctagonAlert, PlugZap } from "lucide-react";
import { useState } from "react";
import type { FaultData } from "../../core/base/index.ts";
import { Button, clock, duration } from "../ui/index.ts";
import cards from "./banners.module.css";
import { CommandButton } from "./command-button.tsx";
import { useEngine, useScreen } from "./context.tsx";
import styles from "./shell.module.css";
import { detailsOf } from "./trouble.ts";

/** What must not be overlooked: the kill switch is pressed, or the core is gone. */
export function Banners() {
	const panic = useEngine((state) => state.snapshot?.system?.gateway.stats.panic ?? null);
	const panicMs = useEngine((state) => state.panicMs);
	const connection = useEngine((state) => state.connection);
	const attempts = useEngine((state) => state.attempts);
	const known = useEngine((state) => state.snapshot !== null);
	return (
		<>
			{panic === null ? null : (
				<section className={styles.banner} aria-label="Kill switch">
					<OctagonAlert size={18} aria-hidden="true" />
					<p>
						All traffic goes to legacy since {clock(panic.at).slice(0, 8)}
						{panicMs === null ? "" : `; the switch took ${duration(panicMs)}`}. {panic.reason}.
					</p>
					<CommandButton id="system.clearPanic">Clear</CommandButton>
				</section>
			)}
			{(connection === "lost" || connection === "refused") && known ? (
				<section className={`${styles.banner} ${styles.bannerLost}`} aria-label="Connection">
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

export function ErrorCards() {
	const raised = useScreen((state) => state.errors);
	const dismiss = useScreen((state) => state.dismiss);
	const alerts = useEngine((state) => state.snapshot?.alerts ?? null);
	const [hidden, setHidden] = useState<readonly string[]>([]);
	const open = (alerts ?? [])
		.filter((alert) => !hidden.includes(alert.what) && !raised.some(({ fault }) => fault.what === alert.what))
		.slice(-2);
	return (
		<div className={styles.errors} role="log" aria-label="Errors">
			{open.map((alert) => (
				<ErrorCard key={detailsOf(alert)} fault={alert} onDismiss={() => setHidden([...hidden, alert.what])} />
			))}
			{raised.map(({ id, fault }) => (
				<ErrorCard
					key={id}
					fault={fault}
					onDismiss={() => {
						// The core tells the same fault as an alert; closed once is closed.
						setHidden([...hidden, fault.what]);
						dismiss(id);
					}}
				/>
			))}
		</div>
	);
}

function ErrorCard({ fault, onDismiss }: { fault: FaultData; onDismiss(): void }) {
	const [copied, setCopied] = useState(false);
	const copy = () => void navigator.clipboard?.writeText(detailsOf(fault)).then(() => setCopied(true));
	return (
		<section className={cards.card} aria-label={`Error ${fault.code}`}>
			<h2>{fault.what}</h2>
			<dl>
				<dt>Safe now</dt>
				<dd>{fault.safe}</dd>
				<dt>To do</dt>
				<dd>{fault.todo}</dd>
			</dl>
			<div className={cards.actions}>
				<code>{fault.code}</code>
				<Button look="quiet" onClick={copy}>
					{copied ? "Copied" : "Copy details"}
				</Button>
				<Button onClick={onDismiss}>Close</Button>
			</div>
		</section>
	);
}
