/** What a comparison says of the service. */
export type Outcome = "clean" | "mismatched" | "failed" | "skewed";

type Counts = { mismatched: number; failed: number; skewed?: number };

/** Requests that cannot be counted for the service: those that differed, those without an answer, and those that nothing is known of. */
export const against = ({ mismatched, failed, skewed = 0 }: Counts): number => mismatched + failed + skewed;
