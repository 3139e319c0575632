// `node core/replay/replay.bench.ts`: exchanges per second written (masked and not) and read, and replayed against a fast backend in a
// process of its own. Replay and backend share the machine, so its figure is a lower bound.
import { spawn } from "node:child_process";
import { createMasker } from "./mask/create-masker.ts";
import { defaultRules } from "./mask/rules.ts";
import { openRecording } from "./recording/read-recording.ts";
import type { Recorded } from "./recording/recorded.ts";
import { createRecording } from "./recording/write-recording.ts";
import { replay } from "./send/replay.ts";
import { createFolder, recorded } from "./testing/recorded.ts";

const count = Number(process.argv[2] ?? 100_000);
const folder = createFolder();

/** As a bank's: a session cookie, a form or XML of some hundred bytes, a card or an account in every third. */
function exchangeOf(n: number): Recorded {
	const isPost = n % 3 === 0;
	return recorded({
		method: isPost ? "POST" : "GET",
		target: isPost ? "/transfer" : `/balance?account=${100_000 + (n % 5_000)}&lang=it`,
		headers: [
			["Host", "bank.example"],
			["User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0"],
			["Accept", "application/xml"],
			["Cookie", `sid=${(n % 2_000).toString(16).padStart(32, "a")}; lang=it`],
			...(isPost ? ([["Content-Type", "application/x-www-form-urlencoded"]] as [string, string][]) : []),
		],
		body: isPost ? `from=${100_000 + (n % 5_000)}&to=IT60X0542811101000000123456&amount=${n % 900}.50&card=4111111111111111` : "",
		answerHeaders: [
			["Content-Type", "text/xml; charset=utf-8"],
			["Date", "Mon, 23 Nov 2026 10:00:00 GMT"],
		],
		answer: `<?xml version="1.0"?><balance><account>${100_000 + (n % 5_000)}</account>${"<row><date>2026-11-23</date><amount>12.50</amount></row>".repeat(8)}</balance>`,
		startedAt: 1_790_000_000_000 + n / 10,
	});
}

const perSecond = (done: number, from: number) => Math.round((done * 1_000) / (performance.now() - from));
const line = (name: string, rate: number, rest = "") => console.log(`${name.padEnd(34)} ${String(rate).padStart(8)} a second${rest}`);
const exchanges = Array.from({ length: 20_000 }, (_, n) => exchangeOf(n));
const source = { kind: "gateway" as const, name: "bench" };

for (const [name, masker] of [
	["written", null],
	["written, masked", createMasker(Buffer.alloc(32, 1), defaultRules)],
] as const) {
	const writer = await createRecording({ file: folder.file(`${name}.rec`), header: { source, routes: null }, masker });
	const from = performance.now();
	for (let n = 0; n < count; n++) {
		writer.write(exchanges[n % exchanges.length] as Recorded);
		if (n % 500 === 0) await writer.drained();
	}
	const { bytes, missing } = await writer.end();
	line(name, perSecond(count, from), `, ${(bytes / count).toFixed(0)} bytes each, missing ${JSON.stringify(missing)}, on the disk`);
}

const recording = await openRecording(folder.file("written.rec"));
let [from, read] = [performance.now(), 0];
for await (const entry of recording.entries()) if (entry.kind === "exchange") read++;
line("read", perSecond(read, from));

const backend = spawn(process.execPath, [
	"-e",
	`const answer = Buffer.from("HTTP/1.1 200 OK\\r\\nContent-Length: 2\\r\\n\\r\\nok");
	require("net").createServer((s) => { s.on("error", () => {}); s.on("data", (d) => { let n = 0; for (let at = d.indexOf("\\r\\n\\r\\n"); at !== -1; at = d.indexOf("\\r\\n\\r\\n", at + 4)) n++; while (n--) s.write(answer); }); }).listen(0, "127.0.0.1", function () { console.log(this.address().port); });`,
]);
const port = await new Promise<number>((resolve) => backend.stdout.once("data", (text) => resolve(Number(text))));
async function* gets(): AsyncGenerator<Recorded> {
	for await (const entry of recording.entries()) if (entry.kind === "exchange") yield entry.record;
}
for (const concurrency of [1, 64]) {
	const result = await replay(
		{
			...{ records: gets(), target: { protocol: "http:" as const, host: "127.0.0.1", port }, pace: { kind: "max" as const }, concurrency },
			...{ keyOf: null, withWrites: false, keepHost: false, setHeaders: [], timeoutMs: 5_000, mark: "bench", onAnswer: null },
		},
		() => {},
		AbortSignal.timeout(15_000),
	);
	const { latency, answered, failed } = result;
	line(
		`replayed, ${concurrency} in flight`,
		Math.round(result.perSecond),
		`, p50 ${latency.p50.toFixed(2)} ms, p99 ${latency.p99.toFixed(2)} ms, ${answered} answered, failed ${JSON.stringify(failed)}`,
	);
}
backend.kill();
folder.end();
