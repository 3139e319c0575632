import type { PatchInfo } from "../../../core/contract/run.ts";
import { useScreen } from "../../app/context.tsx";
import { ContextMenu } from "../../app/context-menu.tsx";
import { Badge, plural, shortName, type Tone } from "../../ui/index.ts";
import styles from "./patch-list.module.css";

export const tones: Record<PatchInfo["state"], Tone> = {
	proposed: "accent",
	applied: "good",
	refused: "warn",
	reverted: "warn",
	withdrawn: "plain",
};
export const stateWords: Record<PatchInfo["state"], string> = {
	proposed: "to review",
	applied: "applied",
	refused: "refused",
	reverted: "reverted",
	withdrawn: "withdrawn",
};

/** By function, the newest first. */
export function PatchList({ patches, shown }: { patches: readonly PatchInfo[]; shown: string }) {
	const set = useScreen((state) => state.set);
	const newest = [...patches].reverse();
	const functions = [...new Set(newest.map((patch) => patch.function))];
	return (
		<nav className={styles.list} aria-label="Patches">
			<h1>Patches</h1>
			{functions.map((name) => (
				<section key={name} aria-label={shortName(name)}>
					<h2>{shortName(name)}</h2>
					<ul>
						{newest
							.filter((patch) => patch.function === name)
							.map((patch) => (
								<ContextMenu
									key={patch.id}
									label={patch.id}
									items={
										patch.id === shown
											? ["patch.acceptAll", "patch.refuseAll", "separator", "patch.reopen", "patch.revert"]
											: ["patch.next", "patch.previous"]
									}
								>
									<li>
										<button type="button" aria-current={patch.id === shown ? "true" : undefined} onClick={() => set({ patch: patch.id })}>
											<span className={styles.listHead}>
												<span className={styles.versions}>
													v{patch.from} → v{patch.to}
												</span>
												<Badge tone={tones[patch.state]}>{stateWords[patch.state]}</Badge>
											</span>
											<span className={styles.listCause}>{patch.cause}</span>
											<span className={styles.listFacts}>
												{plural(patch.hunks.length, "place")} · {patch.gate.failing.passed} of {patch.gate.failing.total} explained
											</span>
										</button>
									</li>
								</ContextMenu>
							))}
					</ul>
				</section>
			))}
		</nav>
	);
}
