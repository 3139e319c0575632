import { Scissors } from "lucide-react";
import type { Migration } from "../../../core/contract/run.ts";
import { CommandButton } from "../../app/command-button.tsx";
import { shortName } from "../../ui/index.ts";
import styles from "./inspector.module.css";

export function IsolateFooter({ name, migration, reached }: { name: string; migration: Migration | null; reached: boolean }) {
	const moving = migration !== null && !["cancelled", "refused"].includes(migration.stage);
	if (moving) {
		return (
			<footer className={styles.footer}>
				<CommandButton id="go.run" wide>
					Follow the run
				</CommandButton>
			</footer>
		);
	}
	return (
		<footer className={styles.footer}>
			{reached ? null : <p className={styles.muted}>No route reaches {shortName(name)}, so no traffic could prove a replacement.</p>}
			<CommandButton id="function.isolate" look="primary" large wide icon={<Scissors size={17} aria-hidden="true" />}>
				Isolate and Modernize
			</CommandButton>
		</footer>
	);
}
