// The clients, in a process of their own: `node clients.ts PORT CONNECTIONS`. Each sends one request after the other at the rate it is told,
// knows what must come back, and tells once a second what came.
import { Agent, type IncomingMessage, request as send } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import { bodyFor, type Fault, faults, hugeBytes, legacyOutcomes } from "./faults.ts";

/** Counts since the last word. `failures`: what must not happen, with its circumstances; `lost`: broken off without an answer. */
export type Word = { requests: number; byOutcome: Record<string, number>; lost: number[]; failures: string[]; micros: number[] };
export type Order = { perSecond: number } | "stop";

const [port, connections] = process.argv.slice(2).map(Number) as [number, number];
const agent = new Agent({ keepAlive: true, maxSockets: connections, scheduling: "fifo" });
let perSecond = 50;
let isEnding = false;
let sequence = 0;
let word: Word = empty();

function empty(): Word {
	return { requests: 0, byOutcome: {}, lost: [], failures: [], micros: [] };
}

const routes = ["/plain", "/shadowed", "/canary", "/modern"] as const;
/** What the new service does wrong is made good by legacy, except for bodies beyond what is held back. */
const modernFaults: readonly Fault[] = faults.filter((fault) => fault !== "huge");
const pick = <T>(from: readonly T[]): T => from[Math.floor(Math.random() * from.length)] as T;
const rare = (list: readonly Fault[]): Fault => (Math.random() < 0.8 ? "none" : pick(list));
const now = (): number => performance.timeOrigin + performance.now();

type Answer = { status: number; message: IncomingMessage; body: Buffer };

async function one(): Promise<void> {
	const id = `${process.pid}-${++sequence}`;
	const route = pick(routes);
	const isPost = Math.random() < 0.4;
	const sent = isPost ? bodyFor(id, pick([0, 10, 1_000, 100_000])) : null;
	const fault = rare(faults);
	const modern = rare(modernFaults);
	// What comes too much must come at once: of a later packet nobody could say whose answer it is not.
	const bytes = pick(fault === "surplus" || modern === "surplus" ? [2, 100] : [2, 100, 100, 2_000, 70_000]);
	const headers = {
		"X-Id": id,
		"X-Bytes": bytes,
		"X-Fault-Legacy": fault,
		"X-Fault-Modern": modern,
		"X-Fault-Shadow": rare(faults),
		"X-Session": pick(["a", "b", "c", "d", "e", "f"]),
		...(sent === null ? {} : { "Content-Length": sent.length, "Idempotency-Key": id }),
	};
	const began = performance.now();
	const expected = legacyOutcomes[fault];
	const circumstances = () => `${sent === null ? "GET" : "POST"} ${route} legacy ${fault}, modern ${modern}`;
	word.requests++;
	let answer: Answer | "cut" | "lost";
	try {
		answer = await ask(route, headers, sent);
	} catch (error) {
		word.failures.push(`${circumstances()}: ${error}`);
		return;
	}
	word.micros.push((performance.now() - began) * 1_000);
	if (answer === "cut" || answer === "lost") {
		count(answer);
		// A reset may eat what came before it, so the client of a cut answer may see nothing at all.
		if (expected.kind !== "cut") word.lost.push(now());
		return;
	}
	const { status, message, body } = answer;
	const code = message.headers["x-role"] === undefined ? codeOf(body) : null;
	count(code ?? `${message.headers["x-role"]} ${status}`);
	if (code !== null) {
		const isExpected = expected.kind === "coded" && expected.status === status;
		if (!isExpected) word.failures.push(`${circumstances()}: ${status} ${body.toString("latin1").slice(0, 200)}`);
		return;
	}
	const isModern = message.headers["x-role"] === "modern";
	const size = isModern || fault !== "huge" ? bytes : hugeBytes;
	if (message.headers["x-id"] !== id || !body.equals(bodyFor(id, size)))
		word.failures.push(`${circumstances()}: not this request's answer`);
	if (Number(message.headers["x-received"]) !== (sent?.length ?? 0)) word.failures.push(`${circumstances()}: the server got another body`);
	if (!isModern && (expected.kind !== "whole" || expected.status !== status))
		word.failures.push(`${circumstances()}: legacy answered ${status}`);
	if (isModern && status !== 200) word.failures.push(`${circumstances()}: the new service's ${status} reached the client`);
	if (isModern && (route === "/plain" || route === "/shadowed")) word.failures.push(`${circumstances()}: answered by the new service`);
}

function ask(path: string, headers: Record<string, string | number>, sent: Buffer | null): Promise<Answer | "cut" | "lost"> {
	return new Promise((resolve) => {
		const out = send({ agent, host: "127.0.0.1", port, path, method: sent === null ? "GET" : "POST", headers }, (message) => {
			const chunks: Buffer[] = [];
			message.on("data", (chunk: Buffer) => chunks.push(chunk));
			message.on("error", () => {});
			message.on("close", () => {
				if (message.complete) resolve({ status: message.statusCode ?? 0, message, body: Buffer.concat(chunks) });
				else resolve("cut");
			});
		});
		out.on("error", () => resolve("lost"));
		out.setTimeout(60_000, () => {
			word.failures.push(`${path}: no answer within 60 s`);
			out.destroy();
		});
		out.end(sent ?? undefined);
	});
}

function codeOf(body: Buffer): string {
	try {
		return String((JSON.parse(body.toString("utf8")) as { code?: string }).code);
	} catch {
		return "no code";
	}
}

function count(outcome: string): void {
	word.byOutcome[outcome] = (word.byOutcome[outcome] ?? 0) + 1;
}

async function keepAsking(): Promise<void> {
	while (!isEnding) {
		const due = performance.now() + (Math.random() * 2_000 * connections) / perSecond;
		await one();
		await delay(Math.max(0, due - performance.now()));
	}
}

process.on("message", (order: Order) => {
	if (order === "stop") isEnding = true;
	else perSecond = order.perSecond;
});
process.on("disconnect", () => process.exit(0));
process.send?.("ready");
const telling = setInterval(() => {
	process.send?.(word);
	word = empty();
}, 1_000);
await Promise.all(Array.from({ length: connections }, keepAsking));
clearInterval(telling);
process.send?.(word, () => process.exit(0));
