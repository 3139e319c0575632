/** What a comparison says of the service. `accepted`: it rounds otherwise where somebody signed for that, and is clean with legacy's rounding there. */
export type Outcome = "clean" | "mismatched" | "failed" | "skewed" | "accepted";

type Counts = { mismatched: number; failed: number; skewed?: number };

/** Requests that cannot be counted for the service: those that differed, those without an answer, and those that nothing is known of. What was accepted is neither for nor against it. */
export const against = ({ mismatched, failed, skewed = 0 }: Counts): number => mismatched + failed + skewed;
