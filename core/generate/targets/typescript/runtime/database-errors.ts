import { PyError } from "./errors.ts";

export class DatabaseError extends PyError {}
export class IntegrityError extends DatabaseError {}
export class OperationalError extends DatabaseError {}
export class DataError extends DatabaseError {}
export class InternalError extends DatabaseError {}

// https://www.sqlite.org/rescode.html: the primary codes, as the legacy driver sorts them.
const operational = new Set([1, 3, 4, 5, 6, 8, 9, 10, 13, 14, 15, 16, 17]);

/** Runs `work`; an SQLite error comes out as the class that the legacy driver would raise. */
export function withLegacyErrors<T>(work: () => T): T {
	try {
		return work();
	} catch (error) {
		if (error instanceof Error && "errcode" in error && typeof error.errcode === "number")
			throw legacyError(error.errcode & 0xff, error.message);
		throw error;
	}
}

function legacyError(code: number, message: string): DatabaseError {
	if (code === 19 || code === 20) return new IntegrityError(message);
	if (code === 2 || code === 12) return new InternalError(message);
	if (code === 18) return new DataError(message);
	return operational.has(code) ? new OperationalError(message) : new DatabaseError(message);
}
