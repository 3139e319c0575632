import { useEffect, useState } from "react";
import type { Decision } from "../../../core/contract/history.ts";
import type { Client } from "../../app/client.ts";
import { ask } from "../../app/commands/index.ts";
import { useApp, useEngine } from "../../app/context.tsx";

/**
 * An answer of the core, asked again whenever `key` changes. While a newer one is on its way the older one stays; one for another
 * `subject` is forgotten at once.
 */
export function useAsked<T>(subject: string | null, key: unknown, question: (client: Client) => Promise<T>): T | null {
	const app = useApp();
	const isOpen = useEngine((state) => state.connection === "open");
	const [answer, setAnswer] = useState<{ subject: string; value: T } | null>(null);
	// biome-ignore lint/correctness/useExhaustiveDependencies: what is asked follows from the subject; the key is the occasion
	useEffect(() => {
		if (subject === null || !isOpen) return;
		let over = false;
		void ask(app, question).then((value) => {
			if (!over && value !== undefined) setAnswer({ subject, value });
		});
		return () => {
			over = true;
		};
	}, [app, subject, key, isOpen]);
	return answer?.subject === subject ? answer.value : null;
}

/** The decisions on one function, or on the whole run; new ones are asked for as they come. */
export function useHistory(name: string | null): readonly Decision[] | null {
	const amount = useEngine((state) => state.snapshot?.decisions ?? 0);
	return useAsked(`history ${name ?? ""}`, amount, (client) => client.run.history(name === null ? {} : { function: name }));
}
