import { Keys } from "../ui/index.ts";
import { commands } from "./commands/index.ts";
import styles from "./key-table.module.css";

/** Every command that has a key, by section. The one table of keys: the sheet and the settings both show it. */
export function KeyTable() {
	const withKeys = commands.filter((command) => command.keys !== undefined);
	const sections = [...new Set(withKeys.map((command) => command.section))];
	return (
		<div className={styles.columns}>
			{sections.map((section) => (
				<section key={section} className={styles.keys} aria-label={section}>
					<h3>{section}</h3>
					<ul>
						{withKeys
							.filter((command) => command.section === section)
							.map((command) => (
								<li key={command.id}>
									<span>{command.title.replace("…", "")}</span>
									<Keys of={command.keys} />
								</li>
							))}
					</ul>
				</section>
			))}
		</div>
	);
}
