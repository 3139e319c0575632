import { FileDiff } from "lucide-react";
import { CommandButton } from "../../app/command-button.tsx";
import { useEngine, useScreen } from "../../app/context.tsx";
import { shownPatch } from "../../state/index.ts";
import { Empty } from "../../ui/index.ts";
import { PatchList } from "./patch-list.tsx";
import styles from "./patches.module.css";
import { Review } from "./review.tsx";

export function PatchesPlace() {
	const patches = useEngine((state) => state.snapshot?.patches ?? null);
	const chosen = useScreen((state) => state.patch);
	const patch = shownPatch(patches ?? [], chosen);
	if (patches === null || patch === undefined) {
		return (
			<>
				<h1 className="sr-only">Patches</h1>
				<Empty icon={<FileDiff size={32} aria-hidden="true" />} title="No patch yet">
					<p>When answers or rows differ, Phoenix looks for the smallest change that explains every difference. It waits here for you.</p>
					<CommandButton id="go.run">See the run</CommandButton>
				</Empty>
			</>
		);
	}
	return (
		<div className={styles.place}>
			<PatchList patches={patches} shown={patch.id} />
			<Review key={patch.id} patch={patch} />
		</div>
	);
}
