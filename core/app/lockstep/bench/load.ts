import { Agent, request } from "node:http";

export type Ask = { method: "POST"; path: string; body: unknown };

/** Seeded draws: mulberry32. */
export function createDraw(seed: number): (below: number) => number {
	let state = seed;
	return (below) => {
		state = (state + 0x6d2b79f5) | 0;
		let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
		mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
		return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296) * below);
	};
}

/** Sends `count` requests with `atOnce` of them open all the time; each has its number in X-Client-Request. Rejects on any failure. */
export async function send(url: string, first: number, count: number, atOnce: number, next: (n: number) => Ask): Promise<void> {
	const agent = new Agent({ keepAlive: true, maxSockets: atOnce });
	let n = first;
	const worker = async () => {
		while (n < first + count) {
			const own = n++;
			await ask(url, next(own), agent, own);
		}
	};
	await Promise.all(Array.from({ length: atOnce }, worker)).finally(() => agent.destroy());
}

export function ask(url: string, { method, path, body }: Ask, agent?: Agent, n?: number): Promise<void> {
	return new Promise((resolve, reject) => {
		const text = JSON.stringify(body);
		const headers = {
			"Content-Type": "application/json",
			"Content-Length": String(Buffer.byteLength(text)),
			...(n === undefined ? {} : { "X-Client-Request": String(n) }),
		};
		const sent = request(`${url}${path}`, { method, headers, ...(agent === undefined ? {} : { agent }) }, (answer) => {
			answer.resume();
			answer.on("error", reject);
			answer.on("end", () => (answer.statusCode === 200 ? resolve() : reject(new Error(`${path} answered ${answer.statusCode}`))));
		});
		sent.on("error", reject);
		sent.end(text);
	});
}
