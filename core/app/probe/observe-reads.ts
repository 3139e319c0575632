import type { DatabaseSync, StatementSync } from "node:sqlite";

export type ObservedReads = {
	/** For the service: behaves as the connection itself does. */
	database: DatabaseSync;
	/** What its statements were given and what they found since the last call, as texts. */
	take(): string[];
};

const KEPT = 400;

/** Notes the values that pass between a service and its database: what a request leads to, and what it is compared with there. */
export function observeReads(database: DatabaseSync): ObservedReads {
	let seen = new Set<string>();

	function note(value: unknown): void {
		if (seen.size >= KEPT) return;
		if (typeof value === "string" ? value.length > 0 && value.length <= 60 : typeof value === "number" || typeof value === "bigint")
			seen.add(String(value));
	}

	function noteRow(row: unknown): void {
		if (typeof row === "object" && row !== null) for (const value of Object.values(row)) note(value);
	}

	function observed(statement: StatementSync): StatementSync {
		return new Proxy(statement, {
			get(target, name) {
				const member: unknown = Reflect.get(target, name, target);
				if (typeof member !== "function") return member;
				return (...values: unknown[]) => {
					for (const value of values) note(value);
					const result: unknown = member.apply(target, values);
					if (Array.isArray(result)) for (const row of result) noteRow(row);
					else noteRow(result);
					return result;
				};
			},
		});
	}

	return {
		database: new Proxy(database, {
			get(target, name) {
				const member: unknown = Reflect.get(target, name, target);
				if (name === "prepare") return (sql: string) => observed(target.prepare(sql));
				return typeof member === "function" ? member.bind(target) : member;
			},
		}),
		take() {
			const taken = [...seen];
			seen = new Set();
			return taken;
		},
	};
}
