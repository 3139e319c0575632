import { DatabaseSync } from "node:sqlite";

export type Commits = {
	/** Another number once anybody has committed. */
	count(): number;
	close(): void;
};

/**
 * Whether a database was changed, by a connection of its own: SQLite counts on each only what others commit. Commits of other programs
 * count too, so "the same" is sure and "another" is not.
 */
export function watchCommits(file: string): Commits {
	const database = new DatabaseSync(file, { readOnly: true });
	const version = database.prepare("PRAGMA data_version");
	return { count: () => Number(version.get()?.data_version), close: () => database.close() };
}
