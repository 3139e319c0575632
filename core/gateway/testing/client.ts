import { Agent, type OutgoingHttpHeaders, request } from "node:http";
import { connect } from "node:net";
import { systemClock } from "../../base/clock.ts";
import { bodyOf } from "./upstream.ts";

export type TestAnswer = { status: number; headers: string[]; body: Buffer; trailers: string[] };
export type TestRequest = {
	method?: string;
	path?: string;
	headers?: OutgoingHttpHeaders | string[];
	body?: Buffer | string;
	agent?: Agent | false;
};

/** One request, whole answer. Rejects when the connection breaks. */
export function ask(
	port: number,
	{ method = "GET", path = "/", headers = {}, body, agent = false }: TestRequest = {},
): Promise<TestAnswer> {
	return new Promise((resolve, reject) => {
		const out = request({ host: "127.0.0.1", port, method, path, headers, agent }, (response) => {
			bodyOf(response).then(
				(bytes) => resolve({ status: response.statusCode ?? 0, headers: response.rawHeaders, body: bytes, trailers: response.rawTrailers }),
				reject,
			);
		});
		out.on("error", reject);
		out.end(body);
	});
}

/** Bytes out, bytes back until the other side closes or `quietMs` pass without a byte. */
export function askRaw(port: number, bytes: string | Buffer, quietMs = 300): Promise<string> {
	return new Promise((resolve, reject) => {
		const socket = connect(port, "127.0.0.1");
		let text = "";
		let timer = setTimeout(() => socket.destroy(), quietMs * 5);
		socket.on("connect", () => socket.write(typeof bytes === "string" ? Buffer.from(bytes, "latin1") : bytes));
		socket.on("data", (chunk) => {
			text += chunk.toString("latin1");
			clearTimeout(timer);
			timer = setTimeout(() => socket.destroy(), quietMs);
		});
		socket.on("error", reject);
		socket.on("close", () => {
			clearTimeout(timer);
			resolve(text);
		});
	});
}

export type LoadResult = { sent: number; ok: number; errors: string[]; longestMs: number };
export type Load = { stop(): Promise<LoadResult> };

/** `clients` keep-alive connections, together about `rate` requests a second, until stopped. `isRight` judges each answer. */
export function startLoad(
	port: number,
	rate: number,
	clients: number,
	make: (n: number) => TestRequest,
	isRight: (answer: TestAnswer, n: number) => boolean,
): Load {
	const agent = new Agent({ keepAlive: true, maxSockets: clients });
	const result: LoadResult = { sent: 0, ok: 0, errors: [], longestMs: 0 };
	const running = new Set<Promise<void>>();
	const startedAt = systemClock.now();
	const timer = setInterval(() => {
		const due = Math.floor(((systemClock.now() - startedAt) * rate) / 1000);
		while (result.sent < due) {
			const one = run(result.sent++).finally(() => running.delete(one));
			running.add(one);
		}
	}, 5);

	async function run(n: number): Promise<void> {
		const began = systemClock.now();
		try {
			const answer = await ask(port, { ...make(n), agent });
			if (isRight(answer, n)) result.ok++;
			else result.errors.push(`status ${answer.status} ${answer.body.toString("utf8").slice(0, 120)}`);
		} catch (error) {
			result.errors.push(error instanceof Error ? error.message : String(error));
		}
		result.longestMs = Math.max(result.longestMs, systemClock.now() - began);
	}

	return {
		async stop() {
			clearInterval(timer);
			await Promise.all(running);
			agent.destroy();
			return result;
		},
	};
}
