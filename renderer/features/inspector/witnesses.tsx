import { useState } from "react";
import type { Witness } from "../../../core/contract/plan.ts";
import { perform } from "../../app/commands/index.ts";
import { useApp } from "../../app/context.tsx";
import { shortName } from "../../ui/index.ts";
import styles from "./reasons.module.css";

const MOST = 5;

/** What a sentence rests on, to be looked at: lines open in the workbench, nodes on the map. */
export function Witnesses({ unit, of }: { unit: string; of: readonly Witness[] }) {
	const app = useApp();
	const [all, setAll] = useState(false);
	const shown = all ? of : of.slice(0, MOST);
	if (of.length === 0) return null;
	const go = (witness: Witness) => {
		if (witness.kind === "line") return void perform(app, "function.workbench", `${unit} ${witness.file}:${witness.line}`);
		app.screen.getState().set({ dialog: null });
		return void perform(app, "map.show", `${witness.kind}:${witness.name}`);
	};
	return (
		<span className={styles.witnesses}>
			{shown.map((witness) => (
				<button key={wordsOf(witness)} type="button" title={titleOf(witness)} onClick={() => go(witness)}>
					{wordsOf(witness)}
				</button>
			))}
			{of.length > shown.length ? (
				<button type="button" className={styles.more} onClick={() => setAll(true)}>
					{of.length - shown.length} more
				</button>
			) : null}
		</span>
	);
}

function wordsOf(witness: Witness): string {
	if (witness.kind === "line") return `${witness.file}:${witness.line}`;
	return witness.kind === "function" ? shortName(witness.name) : witness.name;
}

const titleOf = (witness: Witness) =>
	witness.kind === "line" ? "Show this line beside blueprint and code" : `Show the ${witness.kind} ${witness.name} on the map`;
