import { join } from "node:path";
import { Admin } from "@platformatic/kafka";
import { startEngine } from "./debezium.ts";
import type { Engine } from "./legacy.ts";
import { postgresLegacy } from "./postgres-legacy.ts";
import type { PostgresServer } from "./postgres-server.ts";

export type DebeziumPlace = { server: PostgresServer; kafka: string; dir: string; schemas: boolean; transactions: boolean };

/** Databases of one server, each with a connector of its own that writes to the topic of the database's name. */
export function debeziumLegacy(place: () => DebeziumPlace): Engine {
	return async (name) => {
		const { server, kafka, dir, schemas, transactions } = place();
		await createTopic(kafka, name);
		const legacy = await postgresLegacy(() => server)(name);
		const settings = { "slot.drop.on.stop": "true" };
		const database = server.address(name);
		const engine = await startEngine({
			...{ database, dir: join(dir, name), topic: name, schemas, transactions, settings },
			sink: { kafka },
		});
		return {
			...legacy,
			async close() {
				await engine.stop();
				await legacy.close();
			},
		};
	};
}

export async function createTopic(kafka: string, topic: string, configs: Record<string, string> = {}, partitions = 1): Promise<void> {
	await withAdmin(kafka, async (admin) => {
		const settings = Object.entries(configs).map(([name, value]) => ({ name, value }));
		await admin.createTopics({ topics: [topic], partitions, replicas: 1, configs: settings });
	});
}

export async function withAdmin<T>(kafka: string, act: (admin: Admin) => Promise<T>): Promise<T> {
	const admin = new Admin({ clientId: "phoenix-test", bootstrapBrokers: [kafka] });
	try {
		return await act(admin);
	} finally {
		await admin.close();
	}
}

/** Writes the text into the log of a database, as `mark` of a source. */
export function markOf(server: PostgresServer, database: string): (text: string) => Promise<void> {
	return (text) => server.query(database, `SELECT pg_logical_emit_message(true, 'phoenix', '${text}')`);
}
