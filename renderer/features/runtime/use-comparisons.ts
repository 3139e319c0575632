import { useEffect, useState } from "react";
import type { ComparisonReport } from "../../../core/contract/comparison.ts";
import { useApp, useEngine } from "../../app/context.tsx";

const askEveryMs = 2_000;

/** What became of everything that the gateway mirrors itself; null while nobody has said. */
export function useComparisons(): ComparisonReport | null {
	const { client } = useApp();
	const connection = useEngine((state) => state.connection);
	const [report, setReport] = useState<ComparisonReport | null>(null);
	useEffect(() => {
		if (connection !== "open") return;
		const over = new AbortController();
		const ask = () =>
			client()
				?.gateway.comparisons({}, { signal: over.signal })
				.then(setReport)
				.catch(() => {
					// The shell says that the core is gone; the last figures stay.
				});
		void ask();
		const timer = setInterval(ask, askEveryMs);
		return () => {
			clearInterval(timer);
			over.abort();
		};
	}, [client, connection]);
	return report;
}
