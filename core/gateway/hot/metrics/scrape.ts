import { setImmediate as breathe, setTimeout as delay } from "node:timers/promises";
import type { ExpositionFormat } from "../supervision/observe-request.ts";
import { exposition } from "./exposition.ts";
import { familiesOf, type GatewayState } from "./families.ts";
import type { MetricsLedger } from "./metrics-ledger.ts";

/** Workers that have not told their figures by then are shown with their last ones, and how old those are. */
const answerMs = 250;

type ScraperDeps = { ledger: MetricsLedger; state(): GatewayState; measure(): void; now(): number };

/** Reads all metrics as one text. Who asks while another is being served gets the same text: many scrapers cost no more than one. */
export function createScraper({ ledger, state, measure, now }: ScraperDeps): (format: ExpositionFormat) => Promise<string> {
	const underWay = new Map<ExpositionFormat, Promise<string>>();

	async function scrape(format: ExpositionFormat): Promise<string> {
		const askedAt = now();
		measure();
		while (!ledger.isFresh(askedAt) && now() - askedAt < answerMs) await delay(2);
		let text = "";
		for (const piece of exposition(familiesOf(state(), ledger.snapshot()), format)) {
			text += piece;
			// The kill switch, above all, must not wait for a long list.
			await breathe();
		}
		return text;
	}

	return (format) => {
		const known = underWay.get(format);
		if (known !== undefined) return known;
		const begun = scrape(format).finally(() => underWay.delete(format));
		underWay.set(format, begun);
		return begun;
	};
}
