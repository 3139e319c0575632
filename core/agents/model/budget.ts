import { Fault } from "../../base/index.ts";
import type { Usage } from "./model.ts";
import { costOf, type Price } from "./prices.ts";

/** Of one migration. `usd` needs a known price. */
export type BudgetLimits = { tokens: number; usd: number };
export type Budget = {
	/** Throws MODEL_BUDGET when a call of this size might go beyond a limit. */
	reserve(sentBytes: number, maxTokens: number, price: Price | undefined): void;
	charge(usage: Usage, price: Price | undefined): number | null;
	spent(): { tokens: number; usd: number; limits: BudgetLimits };
};

/** No text has more tokens than this share of its bytes; most have far less. */
const tokensPerByte = 0.5;

export function createBudget(limits: BudgetLimits): Budget {
	const used = { tokens: 0, usd: 0 };
	const refuse = (reason: string): never => {
		throw new Fault("MODEL_BUDGET", { reason });
	};
	return {
		reserve(sentBytes, maxTokens, price) {
			const most = Math.ceil(sentBytes * tokensPerByte);
			if (used.tokens + most + maxTokens > limits.tokens)
				refuse(`${used.tokens} of ${limits.tokens} tokens are used and the call may need ${most + maxTokens}`);
			const usd = costOf({ input: most, output: maxTokens, cacheRead: 0, cacheWrite: 0 }, price);
			if (usd === null) refuse("the price of the model is not known, so a limit in money cannot be kept; name it in the prices");
			else if (used.usd + usd > limits.usd)
				refuse(`${used.usd.toFixed(4)} of ${limits.usd.toFixed(4)} dollars are spent and the call may cost ${usd.toFixed(4)}`);
		},
		charge(usage, price) {
			used.tokens += usage.input + usage.output + usage.cacheRead + usage.cacheWrite;
			const usd = costOf(usage, price);
			used.usd += usd ?? 0;
			return usd;
		},
		spent: () => ({ ...used, limits }),
	};
}
