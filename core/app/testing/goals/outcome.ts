/** What was measured for a goal of the screen (`build/ui-goals.mjs`): milliseconds, bytes or counts; null: could not be measured. */
export type Outcome = { measured: number | Record<string, number> | null; note?: string };

/** By the number of the goal. */
export type Outcomes = Record<number, Outcome>;
