import type { Socket } from "node:net";
import type { Client, ClientConfig } from "pg";
import { Fault } from "../../base/index.ts";
import { unsuitable } from "../unsuitable.ts";
import { textSettings } from "./column-value.ts";

/** `postgres://` or `postgresql://`, as libpq takes it. */
export function isPostgresAddress(database: string): boolean {
	return /^postgres(ql)?:\/\//i.test(database);
}

/** The address without user, password and options, fit to be shown. Of one that cannot be taken apart only the scheme. */
export function printAddress(address: string): string {
	const scheme = /^[a-z][a-z0-9+.-]*:\/\//i.exec(address)?.[0];
	if (scheme === undefined) return address;
	const url = URL.parse(address);
	if (url === null || url.hash.includes("@") || url.pathname.includes("@")) return scheme;
	return `${scheme}${url.host}${url.pathname}`;
}

const connectMs = 10_000;
const queryMs = 30_000;

/**
 * A connection with settings under which values are exact as text. `replication`: as a walsender of that database, whose queries
 * have no time limit. Throws SOURCE_UNREADABLE, or DATABASE_UNSUITABLE where the server refuses.
 */
export async function connect(address: string, purpose: "queries" | "replication"): Promise<Client> {
	const name = printAddress(address);
	const config: ClientConfig & { replication?: string } = {
		connectionString: address,
		connectionTimeoutMillis: connectMs,
		application_name: "phoenix",
		keepAlive: true,
		...(purpose === "replication" ? { replication: "database" } : { query_timeout: queryMs }),
	};
	let client: Client | null = null;
	try {
		// Loaded only where there is a PostgreSQL: it takes a tenth of a second.
		const { Client } = await import("pg");
		client = new Client(config);
		// What ends the connection later is told by the query or the listener that it meets.
		client.on("error", () => {});
		await client.connect();
		for (const [setting, value] of Object.entries(textSettings)) await client.query(`SET ${setting} TO ${quoteText(value)}`);
		await client.query("SET statement_timeout TO 0");
		return client;
	} catch (error) {
		if (client !== null) await disconnect(client);
		throw refusal(name, error);
	}
}

/** How long a server may take to say goodbye. */
const farewellMs = 2000;

/** Ends a connection, also one that is paused or whose other side is gone. */
export async function disconnect(client: Client): Promise<void> {
	const { stream } = (client as Client & { connection: { stream: Socket } }).connection;
	stream.resume();
	const limit = setTimeout(() => stream.destroy(), farewellMs);
	await client.end().catch(() => {});
	clearTimeout(limit);
}

/** Of every server's refusal, who can mend it and how. */
export function refusal(file: string, error: unknown): Fault {
	if (error instanceof Fault) return error;
	const { code = "", message = String(error) } = error as { code?: string; message?: string };
	switch (code) {
		case "42501":
			return unsuitable(
				file,
				`the server refuses it to this user (${message})`,
				"Use the owner of the tables, with the attribute REPLICATION and the right to CREATE in the database.",
				error,
			);
		case "53400":
			return unsuitable(
				file,
				`all of the server's replication slots are in use (${message})`,
				"Drop a slot that nobody needs, or raise max_replication_slots and restart the server.",
				error,
			);
		case "53300":
			return unsuitable(file, message, "Raise max_wal_senders or max_connections, or end a connection that nobody needs.", error);
		case "55006":
			return new Fault("DATABASE_LOCKED", { file }, { cause: error });
		default:
			return new Fault("SOURCE_UNREADABLE", { file, reason: message === "" ? code : message }, { cause: error });
	}
}

export function quoteText(text: string): string {
	return `'${text.replaceAll("'", "''")}'`;
}
