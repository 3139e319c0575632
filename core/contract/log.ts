/** One line for people, made from a journal entry. */
export type LogLine = { seq: number; at: number; level: "info" | "good" | "warn" | "bad"; function: string | null; text: string };
