import { ListPlus, Scissors } from "lucide-react";
import type { CutPlan } from "../../../core/contract/plan.ts";
import type { Migration } from "../../../core/contract/run.ts";
import { CommandButton } from "../../app/command-button.tsx";
import { plannedNames } from "../../app/commands/index.ts";
import { useScreen } from "../../app/context.tsx";
import styles from "./inspector.module.css";

/** What can be done with it now; what cannot be cut says so instead of offering a button that would fail. */
export function IsolateFooter({ name, migration, plan }: { name: string; migration: Migration | null; plan: CutPlan | undefined }) {
	const isPlanned = useScreen((state) => plannedNames(state).includes(name));
	const moving = migration !== null && !["cancelled", "refused"].includes(migration.stage);
	if (moving) {
		return (
			<footer className={styles.footer}>
				<CommandButton id="run.show" argument={name} wide>
					Follow it in the run
				</CommandButton>
			</footer>
		);
	}
	if (plan?.unreached === true) return null;
	return (
		<footer className={styles.footer}>
			<CommandButton id="function.isolate" look="primary" large wide icon={<Scissors size={17} aria-hidden="true" />}>
				Isolate and modernize…
			</CommandButton>
			<CommandButton id="plan.add" look="quiet" wide pressed={isPlanned} icon={<ListPlus size={16} aria-hidden="true" />}>
				{isPlanned ? "In the plan: take it out" : "Add to the plan"}
			</CommandButton>
		</footer>
	);
}
