import { Scissors } from "lucide-react";
import { Dialog } from "radix-ui";
import { type FormEvent, use, useEffect, useRef, useState } from "react";
import type { CutPlan } from "../../../core/contract/plan.ts";
import type { Policy } from "../../../core/contract/run.ts";
import { type ServiceTarget, targetTitles } from "../../../core/contract/targets.ts";
import { ask, perform } from "../../app/commands/index.ts";
import { useApp, useEngine, useProject } from "../../app/context.tsx";
import { loadPlan } from "../../app/questions.ts";
import { Button, DialogCorner, Keys, onlyClose, plural, shortName } from "../../ui/index.ts";
import { CutDetails } from "./cut-details.tsx";
import styles from "./plan.module.css";
import { PolicyChoice, type PolicyName } from "./policy-choice.tsx";
import { TargetChoice } from "./target-choice.tsx";

/** Says what moves and what stays before anything starts. Enter starts; what cannot be cut is refused by name, without a button. */
export function PlanSheet({ functions, onClose }: { functions: readonly string[]; onClose(): void }) {
	const app = useApp();
	const [names, setNames] = useState<readonly string[]>(functions);
	const [shown, setShown] = useState(functions[0] ?? "");
	const plans = useProject((state) => state.plans);
	const [policies, setPolicies] = useState<Record<PolicyName, Policy> | null>(null);
	const { policy: usual, autoAccept: usually } = app.settings.getState();
	const isSample = useEngine((state) => state.snapshot?.project?.sample === true);
	const [policy, setPolicy] = useState<PolicyName>(isSample ? "demo" : usual);
	const [autoAccept, setAutoAccept] = useState(usually);
	const [target, setTarget] = useState<ServiceTarget>("typescript");
	const corner = use(DialogCorner);
	const form = useRef<HTMLFormElement>(null);
	useEffect(() => {
		for (const name of names) void loadPlan(app, name);
	}, [app, names]);
	useEffect(() => void ask(app, async (client) => setPolicies(await client.run.policies({}))), [app]);

	const known = names.flatMap((name) => plans[name] ?? []);
	const problem = problemOf(known);
	const isReady = known.length === names.length && policies !== null;
	// The button takes the focus when it comes, so that Enter starts; the sheet is read above it.
	useEffect(() => {
		if (isReady && problem === null) form.current?.querySelector<HTMLElement>("button[type=submit]")?.focus({ preventScroll: true });
	}, [isReady, problem]);

	const submit = (event: FormEvent) => {
		event.preventDefault();
		if (isReady && problem === null) void perform(app, "plan.start", JSON.stringify({ functions: names, policy, target, autoAccept }));
	};
	const drop = (name: string) => {
		const rest = names.filter((one) => one !== name);
		setNames(rest);
		if (shown === name) setShown(rest[0] ?? "");
		void perform(app, "plan.add", name);
	};
	const plan = plans[shown];
	const title =
		names.length === 1 ? `Isolate and modernize ${shortName(names[0] ?? "")}?` : `Isolate and modernize ${names.length} functions?`;
	return (
		<Dialog.Root open onOpenChange={(open) => !open && onClose()}>
			<Dialog.Portal>
				<Dialog.Overlay className={styles.veil} />
				<Dialog.Content className={styles.sheet} onEscapeKeyDown={onlyClose(onClose)}>
					<form ref={form} onSubmit={submit}>
						{/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
						<section className={styles.body} tabIndex={0} aria-label="The plan">
							<header className={styles.head}>
								<Dialog.Title>{title}</Dialog.Title>
								<Dialog.Description>
									Legacy keeps answering every client while the new service is compared with it. Traffic moves only when the evidence allows
									it.
								</Dialog.Description>
							</header>
							{names.length < 2 ? null : (
								<ul className={styles.chosen} aria-label="Functions of the plan">
									{names.map((name) => (
										<li key={name}>
											<button type="button" aria-pressed={name === shown} onClick={() => setShown(name)}>
												{shortName(name)}
											</button>
											<button type="button" aria-label={`Take ${shortName(name)} out of the plan`} onClick={() => drop(name)}>
												×
											</button>
										</li>
									))}
								</ul>
							)}
							<div className={styles.columns}>
								<div className={styles.details}>
									{plan === undefined ? (
										<p className={styles.muted}>Working out what the cut means…</p>
									) : (
										<CutDetails key={shown} plan={plan} />
									)}
								</div>
								{isReady && problem === null ? (
									<div className={styles.policy}>
										<TargetChoice target={target} onTarget={setTarget} />
										<PolicyChoice
											policies={policies}
											policy={policy}
											autoAccept={autoAccept}
											onPolicy={setPolicy}
											onAutoAccept={setAutoAccept}
										/>
									</div>
								) : null}
							</div>
						</section>
						<footer className={styles.actions}>
							<p role="status" className={problem === null ? "" : styles.problem}>
								{problem ?? (isReady ? summary(known, target) : "Working out what the cut means…")}
							</p>
							<Button onClick={onClose}>Not now</Button>
							{problem === null ? (
								<Button type="submit" look="primary" disabled={!isReady} icon={<Scissors size={16} aria-hidden="true" />}>
									Isolate and modernize
									<Keys of="Enter" />
								</Button>
							) : null}
						</footer>
					</form>
					{corner}
				</Dialog.Content>
			</Dialog.Portal>
		</Dialog.Root>
	);
}

/** Why these cannot be started together, or at all. */
function problemOf(plans: readonly CutPlan[]): string | null {
	const refused = plans.find((plan) => plan.verdict.level === "refused");
	if (refused !== undefined) return `${shortName(refused.unit)}: ${refused.verdict.text}`;
	const owners = new Map<string, string>();
	for (const { unit, routes } of plans)
		for (const { method, path } of routes) {
			const other = owners.get(`${method} ${path}`);
			if (other !== undefined) return `${shortName(other)} and ${shortName(unit)} both move ${method} ${path}. Take one of them out.`;
			owners.set(`${method} ${path}`, unit);
		}
	return null;
}

function summary(plans: readonly CutPlan[], target: ServiceTarget): string {
	const routes = plans.reduce((sum, plan) => sum + plan.routes.length, 0);
	const tables = new Set(plans.flatMap((plan) => plan.tables.filter((table) => table.write).map((table) => table.name)));
	const writes = tables.size === 0 ? "no table is written" : `${plural(tables.size, "table")} written`;
	return `${plural(routes, "route")}, ${writes}. Target ${targetTitles[target]}, run as a process of this machine.`;
}
