import { isObject, type Json, type JsonObject } from "./exact-json.ts";

/** One record of a log. `position`: where it is, `next`: where the one after it begins; `bytes`: its size there. */
export type LogRecord = { position: bigint; next: bigint; bytes: number; key: Json; value: Json };

/** What a record says, its schema apart. */
export type DebeziumEvent =
	| {
			kind: "change";
			op: "c" | "u" | "d";
			source: JsonObject;
			before: Image | null;
			after: Image | null;
			/** Names of the columns of the record's key, or null for a record without one. */
			key: string[] | null;
			keyText: Json;
			/** `transaction.total_order`: from 1 within its transaction. */
			order: number | null;
			transaction: string | null;
	  }
	| { kind: "message"; source: JsonObject; prefix: string; content: string; transaction: string | null }
	| { kind: "truncate"; source: JsonObject }
	| { kind: "begin"; id: string }
	| { kind: "end"; id: string; count: number }
	/** Rows as a snapshot read them, heartbeats, tombstones, descriptions of tables: no commits. */
	| { kind: "other"; what: "snapshot" | "heartbeat" | "tombstone" | "schema" }
	| { kind: "unknown"; reason: string };

/** A row with the fields of its schema, by the names of their columns. */
export type Image = { row: JsonObject; fields: Map<string, JsonObject> | null };

/** Reads the envelope with and without `schema` (SPEC.md, D1). It never throws: what is no event is `unknown` with its reason. */
export function readEnvelope({ key, value }: Pick<LogRecord, "key" | "value">): DebeziumEvent {
	if (value === null) return { kind: "other", what: "tombstone" };
	const { payload, schema } = unwrap(value);
	if (!isObject(payload)) return unknown("its value is no JSON object");
	const { op, status, id } = payload;
	if (typeof op === "string") return rowEvent(op, payload, schema, unwrap(key).payload);
	if (typeof id === "string" && status === "BEGIN") return { kind: "begin", id };
	if (typeof id === "string" && status === "END") return { kind: "end", id, count: Number(payload.event_count ?? Number.NaN) };
	if ("ddl" in payload || "tableChanges" in payload) return { kind: "other", what: "schema" };
	const names = Object.keys(payload);
	if (names.length > 0 && names.every((name) => /^ts_[mun]s$/.test(name))) return { kind: "other", what: "heartbeat" };
	return unknown("it has no envelope with op, before and after (a transform such as ExtractNewRecordState takes it away)");
}

function rowEvent(op: string, payload: JsonObject, schema: JsonObject | null, key: Json): DebeziumEvent {
	const { source, transaction } = payload;
	if (op === "r") return { kind: "other", what: "snapshot" };
	if (!isObject(source)) return unknown("its envelope has no source");
	const within = isObject(transaction ?? null) ? (transaction as JsonObject) : null;
	const id = typeof within?.id === "string" ? within.id : null;
	if (op === "t") return { kind: "truncate", source };
	if (op === "m") {
		if (!isObject(payload.message)) return unknown("its message is missing");
		const { prefix, content } = payload.message;
		const text = Buffer.from(typeof content === "string" ? content : "", "base64").toString("utf8");
		return { kind: "message", source, prefix: String(prefix ?? ""), content: text, transaction: id };
	}
	if (op !== "c" && op !== "u" && op !== "d") return unknown(`its op is ${JSON.stringify(op)}`);
	return {
		...{ kind: "change", op, source, keyText: key, transaction: id },
		before: imageOf(payload.before, schema, "before"),
		after: imageOf(payload.after, schema, "after"),
		key: isObject(key) && Object.keys(key).length > 0 ? Object.keys(key) : null,
		order: typeof within?.total_order === "bigint" ? Number(within.total_order) : null,
	};
}

function imageOf(row: Json | undefined, schema: JsonObject | null, side: "before" | "after"): Image | null {
	if (!isObject(row)) return null;
	if (schema === null) return { row, fields: null };
	const of = fieldsOf(schema).get(side);
	return { row, fields: of === undefined ? new Map() : fieldsOf(of) };
}

const known = new WeakMap<JsonObject, Map<string, JsonObject>>();

function fieldsOf(schema: JsonObject): Map<string, JsonObject> {
	let fields = known.get(schema);
	if (fields === undefined) {
		const listed = Array.isArray(schema.fields) ? schema.fields.filter(isObject) : [];
		fields = new Map(listed.map((field) => [String(field.field), field]));
		known.set(schema, fields);
	}
	return fields;
}

function unwrap(value: Json): { payload: Json; schema: JsonObject | null } {
	if (!isObject(value) || !("payload" in value) || !("schema" in value)) return { payload: value, schema: null };
	return { payload: value.payload as Json, schema: isObject(value.schema) ? value.schema : null };
}

function unknown(reason: string): DebeziumEvent {
	return { kind: "unknown", reason };
}
