import { useEffect, useState } from "react";
import type { Patch } from "../../../core/contract/run.ts";
import { ask } from "../../app/commands/index.ts";
import { useApp } from "../../app/context.tsx";

type Texts = Patch["files"];

/** The texts of a patch never change; those of the last few that were looked at are kept. */
const kept = new Map<string, Texts>();
const MAX_KEPT = 12;

/** The files of a patch before and after; null until they are there. */
export function useTexts(patch: string): Texts | null {
	const app = useApp();
	const [texts, setTexts] = useState<Texts | null>(kept.get(patch) ?? null);
	useEffect(() => {
		const known = kept.get(patch);
		setTexts(known ?? null);
		if (known !== undefined) return;
		let gone = false;
		void ask(app, (client) => client.patch.files({ patch })).then((answer) => {
			if (answer === undefined) return;
			kept.set(patch, answer);
			const oldest = kept.keys().next().value;
			if (kept.size > MAX_KEPT && oldest !== undefined) kept.delete(oldest);
			if (!gone) setTexts(answer);
		});
		return () => {
			gone = true;
		};
	}, [app, patch]);
	return texts;
}
