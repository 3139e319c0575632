import { setTimeout as sleep } from "node:timers/promises";
import { Consumer, type RecordsBatch } from "@platformatic/kafka";
import { Fault } from "../../base/index.ts";
import { unsuitable } from "../unsuitable.ts";
import type { LogRecord } from "./envelope.ts";
import { parseRecordText, type RecordLog } from "./record-log.ts";

export type KafkaAddress = { brokers: string[]; topic: string };

type FetchResponsePartition = Awaited<ReturnType<Consumer["fetch"]>>["responses"][number]["partitions"][number];

const lookBackRecords = 20_000n;
const fetchBytes = 8 * 1_048_576;
/** A broker that has just started may not know its topics yet. */
const absentMs = 10_000;
const isTransactional = 0x10;
const isControl = 0x20;

/** `kafka://HOST:PORT[,HOST:PORT]/TOPIC`. Throws INPUT_INVALID. */
export function kafkaAddress(address: string): KafkaAddress {
	const parts = /^kafka:\/\/([^/@\s]+)\/([A-Za-z0-9._-]{1,249})$/.exec(address);
	const brokers = parts?.[1]?.split(",") ?? [];
	if (parts?.[2] === undefined || !brokers.every((broker) => /^(\[[0-9a-f:]+\]|[^:]+):\d{1,5}$/i.test(broker)))
		throw new Fault("INPUT_INVALID", { subject: "the address of the topic", reason: "it has the form kafka://HOST:PORT/TOPIC" });
	return { brokers, topic: parts[2] };
}

/**
 * A topic of one partition, read without a consumer group: nothing is written to the broker (SPEC.md, D9). A broker that is away is
 * waited for. Throws SOURCE_UNREADABLE, DATABASE_UNSUITABLE.
 */
export async function openKafkaLog(address: KafkaAddress): Promise<RecordLog> {
	const { topic, brokers } = address;
	const name = `kafka://${brokers.join(",")}/${topic}`;
	const consumer = new Consumer({
		...{ groupId: "phoenix-effects", clientId: "phoenix-effects", bootstrapBrokers: brokers, autocreateTopics: false },
		...{ retries: 2, retryDelay: 200, timeout: 10_000, connectTimeout: 5_000 },
	});
	consumer.topics.track(topic);

	async function describe(): Promise<{ id: string; leader: number; partitions: number }> {
		const { topics } = await consumer.metadata({ topics: [topic], forceUpdate: true });
		const found = topics.get(topic);
		if (found?.partitions[0] === undefined) throw unsuitable(name, "there is no such topic");
		return { id: found.id, leader: found.partitions[0].leader, partitions: found.partitionsCount };
	}

	async function offset(timestamp: bigint): Promise<bigint> {
		const offsets = await consumer.listOffsets({ topics: [topic], partitions: { [topic]: [0] }, timestamp });
		const found = offsets.get(topic)?.[0];
		if (found === undefined) throw unsuitable(name, "the broker does not say where the topic ends", answerRemedy);
		return found;
	}

	/** For whoever asks now: a broker that is away is a fault then. */
	async function asked<T>(answer: Promise<T>): Promise<T> {
		try {
			return await answer;
		} catch (cause) {
			if (cause instanceof Fault) throw cause;
			throw unsuitable(name, `the broker does not answer: ${messageOf(cause)}`, answerRemedy, cause);
		}
	}

	async function fetch(from: bigint, maxWaitTime: number): Promise<FetchResponsePartition | null> {
		const partition = { partition: 0, currentLeaderEpoch: -1, fetchOffset: from, lastFetchedEpoch: -1, partitionMaxBytes: fetchBytes };
		const topics = [{ topicId: opened.id, partitions: [partition] }];
		const { responses } = await consumer.fetch({ node: leader, topics, maxWaitTime, minBytes: 1, maxBytes: fetchBytes, isolationLevel: 0 });
		return responses[0]?.partitions[0] ?? null;
	}

	/** `strict`: an offset that is missing ends the promise. */
	function recordsOf(batches: readonly RecordsBatch[], from: bigint, strict: boolean): { records: LogRecord[]; next: bigint } {
		const records: LogRecord[] = [];
		let next = from;
		for (const batch of batches) {
			const last = batch.firstOffset + BigInt(batch.lastOffsetDelta);
			if (last < from) continue;
			if (batch.attributes & isTransactional && strict)
				throw unsuitable(name, `the record at ${batch.firstOffset} was written in a transaction of Kafka`, exactlyOnceRemedy);
			if (!(batch.attributes & isControl)) {
				for (const { offsetDelta, key, value } of batch.records) {
					const position = batch.firstOffset + BigInt(offsetDelta);
					if (position < from) continue;
					if (strict && position !== next) throw gone(next, position);
					next = position + 1n;
					const json = (bytes: Buffer | null) => parseRecordText(bytes?.toString("utf8") ?? null, name, position);
					records.push({ position, next, bytes: (key?.length ?? 0) + (value?.length ?? 0), key: json(key), value: json(value) });
				}
				if (strict && next !== last + 1n) throw gone(next, last + 1n);
			}
			next = last + 1n;
		}
		return { records, next };
	}

	function gone(from: bigint, to: bigint): Fault {
		return unsuitable(name, `the records from ${from} up to ${to} are gone from the topic (compacted or expired)`, keepRemedy);
	}

	/** What the broker says is final; what it cannot say now is asked again. */
	async function judge(error: unknown, position: bigint): Promise<void> {
		if (error instanceof Fault) throw error;
		const said = (id: string) => hasError(error, id);
		if (said("OFFSET_OUT_OF_RANGE")) {
			const range = await Promise.all([offset(-2n), offset(-1n)]).catch(() => null);
			if (range === null) return;
			const [first, end] = range;
			if (position < first) throw gone(position, first);
			if (position > end) throw unsuitable(name, `the topic ends at ${end}, before ${position}: it was made anew or has lost records`);
		}
		const now = await describe().catch((again: unknown) => {
			if (again instanceof Fault) throw again;
			if (!isAbsent(again)) return null;
			absentSince ??= Date.now();
			if (Date.now() - absentSince > absentMs) throw unsuitable(name, "the topic was deleted", undefined, again);
			return null;
		});
		if (now === null) return;
		absentSince = null;
		if (now.id !== opened.id) throw unsuitable(name, "the topic was deleted and made anew");
		leader = now.leader;
	}

	let opened: Awaited<ReturnType<typeof describe>>;
	try {
		opened = await describe();
	} catch (cause) {
		await consumer.close(true).catch(() => {});
		if (cause instanceof Fault) throw cause;
		if (isAbsent(cause)) throw unsuitable(name, "there is no such topic", topicRemedy, cause);
		throw new Fault("SOURCE_UNREADABLE", { file: name, reason: messageOf(cause) }, { cause });
	}
	let leader = opened.leader;
	let absentSince: number | null = null;
	if (opened.partitions !== 1) {
		await consumer.close(true).catch(() => {});
		throw unsuitable(name, `the topic has ${opened.partitions} partitions, and there is no order between them`, topicRemedy);
	}

	return {
		name,
		identity: () => opened.id,
		async read(position, signal) {
			try {
				const response = await fetch(position, 250);
				if (response !== null && response.logStartOffset > position) throw gone(position, response.logStartOffset);
				return recordsOf(response?.records ?? [], position, true);
			} catch (error) {
				if (!signal.aborted) await judge(error, position);
				await sleep(500, undefined, { signal }).catch(() => {});
				return { records: [], next: position };
			}
		},
		end: () => asked(offset(-1n)),
		async before(position) {
			const first = await asked(offset(-2n));
			let from = position > lookBackRecords ? position - lookBackRecords : 0n;
			if (from < first) from = first;
			const records: LogRecord[] = [];
			while (from < position) {
				const found = recordsOf((await asked(fetch(from, 250)))?.records ?? [], from, false);
				if (found.next === from) break;
				records.push(...found.records.filter((record) => record.position < position));
				from = found.next;
			}
			return records;
		},
		close: () => consumer.close(true),
	};
}

function messageOf(error: unknown): string {
	return error instanceof Error ? error.message : String(error);
}

function isAbsent(error: unknown): boolean {
	return hasError(error, "UNKNOWN_TOPIC_OR_PARTITION") || (error instanceof Error && error.message.startsWith("Unknown topic"));
}

/** Whether the error, or one that it holds, is this one of the protocol. */
function hasError(error: unknown, id: string): boolean {
	if (!(error instanceof Error)) return false;
	if ("apiId" in error && error.apiId === id) return true;
	const inner = error instanceof AggregateError ? error.errors : [];
	return [...inner, error.cause].some((part) => part !== undefined && part !== error && hasError(part, id));
}

const answerRemedy = "See whether the broker runs, and try again.";
const keepRemedy = "Set cleanup.policy=delete and a longer retention for the topic, then begin anew from the present state.";
const topicRemedy =
	"Let the connector write all its topics into one with one partition: transforms=route, transforms.route.type=org.apache.kafka.connect.transforms.RegexRouter, transforms.route.regex=.*, transforms.route.replacement=TOPIC.";
const exactlyOnceRemedy = "Let the connector write without exactly.once.support; its repeats are recognised.";
