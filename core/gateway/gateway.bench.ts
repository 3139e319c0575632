// `npm run bench:gateway`: our gateway beside nginx, haproxy, nginx with mirror, Skipper with tee and the library http-proxy, in one run,
// round by round in turn. A proxy has one core, load and backend the other, so read the ratios. With --json the last line is one object.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { cpus, tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type LoadResult, load, median, type Payload, payloads } from "./testing/bench/load.ts";
import { type OwnGateway, startOwnGateway } from "./testing/bench/own-gateway.ts";
import { peers, type Running, startBackend } from "./testing/bench/peers.ts";
import { processorSeconds, residentMegabytes, which } from "./testing/bench/processes.ts";
import { measureHung, measureIdle, measureKillSwitch, measureRoutes } from "./testing/bench/special.ts";
import { freePort } from "./testing/upstream.ts";

const { values: options } = parseArgs({
	options: {
		json: { type: "boolean", default: false },
		seconds: { type: "string", default: "3" },
		rounds: { type: "string", default: "3" },
		presses: { type: "string", default: "20" },
		idle: { type: "string", default: "10000" },
		only: { type: "string", default: "" },
	},
});
const [seconds, rounds] = [Number(options.seconds), Number(options.rounds)];
const say = (text: string) => process.stderr.write(`${text}\n`);

type Sample = LoadResult & { microseconds: number; megabytes: number };
/** By subject, payload and number of connections. */
type Samples = Map<string, Sample[]>;

const DIRECT = "direct";
const PROXY = "phoenix";
const SHADOW = "phoenix, shadowing";
const keyOf = (subject: string, payload: Payload, connections: number) => `${subject}|${payload.name}|${connections}`;

async function sample(subject: Running, payload: Payload, connections: number, dir: string): Promise<Sample> {
	const pids = subject.pids();
	const before = processorSeconds(pids);
	const result = await load(subject.port, payload, connections, seconds, dir);
	const used = processorSeconds(pids) - before;
	return { ...result, microseconds: (used / result.requests) * 1e6, megabytes: residentMegabytes(pids) };
}

async function main(): Promise<void> {
	if (which("wrk") === null || which("taskset") === null)
		throw new Error("The bench needs wrk and taskset: apt-get install wrk util-linux");
	const dir = mkdtempSync(join(tmpdir(), "phoenix-gateway-bench-"));
	const running: Running[] = [];
	const missing: string[] = [];
	try {
		// Two in a row: the second is where copies go.
		const at = await freePort();
		const backend = await startBackend(at + 4, dir);
		running.push(backend);
		const subjects = new Map<string, Running>([[DIRECT, backend]]);
		for (const peer of peers) {
			if (!isWanted(peer.name)) continue;
			const started = await peer.start((await freePort()) + 8, backend.port, dir);
			if (started === null) missing.push(`${peer.name} was not measured: ${peer.missing}`);
			else {
				running.push(started);
				subjects.set(peer.name, started);
			}
		}
		const own = await startOwnGateway((await freePort()) + 8, backend.port, dir);
		running.push(own);
		const samples: Samples = new Map();
		say("Warming up");
		for (const subject of [...subjects.values(), own]) for (const payload of payloads) await load(subject.port, payload, 64, 2, dir);
		for (let round = 0; round < rounds; round++) {
			say(`Round ${round + 1} of ${rounds}`);
			for (const payload of payloads)
				for (const connections of [64, 1]) await measureAll(subjects, own, payload, connections, dir, samples);
		}
		const setting = { gateway: own, seconds, rounds, dir };
		say("The comparison hung and gone, growth, the kill switch");
		const hung = await measureHung(setting);
		const routes = await measureRoutes(setting);
		const idle = await measureIdle(setting, Number(options.idle));
		const presses = await measureKillSwitch(setting, backend.port + 1, Number(options.presses));
		report(samples, [...subjects.keys(), PROXY, SHADOW], { hung, routes, idle, presses, missing });
	} finally {
		for (const one of running.reverse()) await one.stop();
		rmSync(dir, { recursive: true, force: true });
	}
}

const isWanted = (name: string) => options.only === "" || options.only.split(",").some((part) => name.includes(part));

async function measureAll(
	subjects: ReadonlyMap<string, Running>,
	own: OwnGateway,
	payload: Payload,
	connections: number,
	dir: string,
	samples: Samples,
): Promise<void> {
	const keep = (subject: string, one: Sample) => {
		const key = keyOf(subject, payload, connections);
		samples.set(key, [...(samples.get(key) ?? []), one]);
		say(
			`  ${key.padEnd(44)} ${one.rate.toFixed(0).padStart(7)} req/s  p50 ${one.p50.toFixed(2)} ms${one.faults > 0 ? `  FAULTS ${one.faults}` : ""}`,
		);
	};
	for (const [name, subject] of subjects) keep(name, await sample(subject, payload, connections, dir));
	await own.setMode({ kind: "legacy" });
	keep(PROXY, await sample(own, payload, connections, dir));
	await own.setMode({ kind: "shadow", percent: 100 });
	const subscriber = await own.subscribe();
	const before = await own.control.stats();
	const one = await sample(own, payload, connections, dir);
	await handedOver(own, subscriber);
	const after = await own.control.stats();
	keep(SHADOW, one);
	const lost = Object.entries(after.dropped).map(([reason, count]) => `${reason} ${count - (before.dropped[reason] ?? 0)}`);
	say(
		`    handed over ${await subscriber.taken()} of ${after.mirrored - before.mirrored}${lost.length > 0 ? `, dropped: ${lost.join(", ")}` : ""}`,
	);
	await subscriber.end();
}

/** The consumer may be behind the load by what is still on the way. */
async function handedOver(own: OwnGateway, subscriber: { taken(): Promise<number> }): Promise<void> {
	let last = -1;
	for (let tries = 0; tries < 50; tries++) {
		const taken = await subscriber.taken();
		if (taken === last) return;
		last = taken;
		await new Promise((resolve) => setTimeout(resolve, 200));
		await own.control.stats();
	}
}

type Extras = {
	hung: { hung: number; gone: number };
	routes: { routes: number; rate: number }[];
	idle: { connections: number; share: number; kilobytesEach: number };
	presses: number[];
	missing: string[];
};

function report(samples: Samples, subjects: string[], { hung, routes, idle, presses, missing }: Extras): void {
	const of = (subject: string, payload: Payload, connections: number, field: keyof Sample) =>
		median((samples.get(keyOf(subject, payload, connections)) ?? []).map((one) => one[field]));
	const lines: string[] = [];
	for (const payload of payloads) {
		lines.push("", `${payload.name.padEnd(22)}  req/s (min..max)            x nginx   CPU us   p50 / p99 ms    p50 at 1, added us   MB`);
		for (const subject of subjects) {
			const all = samples.get(keyOf(subject, payload, 64)) ?? [];
			if (all.length === 0) continue;
			const rates = all.map((one) => one.rate);
			const faults = all.reduce((sum, one) => sum + one.faults, 0);
			const added = (of(subject, payload, 1, "p50") - of(DIRECT, payload, 1, "p50")) * 1_000;
			lines.push(
				[
					subject.padEnd(22),
					`${median(rates).toFixed(0).padStart(7)} (${Math.min(...rates).toFixed(0)}..${Math.max(...rates).toFixed(0)})`.padEnd(28),
					(median(rates) / of("nginx", payload, 64, "rate")).toFixed(2).padStart(5),
					of(subject, payload, 64, "microseconds").toFixed(0).padStart(8),
					`${of(subject, payload, 64, "p50").toFixed(2)} / ${of(subject, payload, 64, "p99").toFixed(1)}`.padStart(15),
					added.toFixed(0).padStart(14),
					of(subject, payload, 64, "megabytes").toFixed(0).padStart(12),
					faults > 0 ? `  void: ${faults} faults` : "",
				].join("  "),
			);
		}
	}
	const ratio = (a: string, b: string) =>
		Object.fromEntries(payloads.map((payload) => [payload.name, round(of(a, payload, 64, "rate") / of(b, payload, 64, "rate"))]));
	const addedP50 = (subject: string) =>
		Object.fromEntries(
			payloads.map((payload) => {
				const direct = of(DIRECT, payload, 1, "p50");
				return [payload.name, round((of(subject, payload, 1, "p50") - direct) / (of("nginx", payload, 1, "p50") - direct))];
			}),
		);
	const sorted = [...presses].sort((a, b) => a - b);
	const result = {
		proxyOnlyVsNginx: ratio(PROXY, "nginx"),
		shadowVsNginxMirror: ratio(SHADOW, "nginx + mirror"),
		shadowVsOwnProxy: ratio(SHADOW, PROXY),
		shadowHungVsOff: { hung: round(hung.hung), gone: round(hung.gone) },
		addedP50VsNginx: addedP50(PROXY),
		killSwitchP99Ms: round(sorted[Math.ceil(0.99 * sorted.length) - 1] ?? Number.NaN),
		skipperTee: samples.has(keyOf("skipper + tee", payloads[0] as Payload, 64)) ? ratio(SHADOW, "skipper + tee") : null,
		machine: `${cpus().length} x ${cpus()[0]?.model ?? "?"}, ${Math.round(totalmem() / 2 ** 30)} GiB, load ${readFileSync("/proc/loadavg", "utf8").split(" ")[0]}, Node ${process.version}`,
	};
	lines.push(
		"",
		`Comparison hung: ${result.shadowHungVsOff.hung} of shadow off; gone: ${result.shadowHungVsOff.gone}`,
		`Routes: ${routes.map((one) => `${one.routes}: ${one.rate.toFixed(0)} req/s`).join(", ")}`,
		`${idle.connections} idle connections: ${round(idle.share)} of the rate without, ${idle.kilobytesEach.toFixed(1)} kB each`,
		`Kill switch, ${presses.length} presses: p99 ${result.killSwitchP99Ms} ms after the press was the last request at the new service`,
		result.machine,
		...missing,
	);
	for (const line of lines) (options.json ? process.stderr : process.stdout).write(`${line}\n`);
	if (options.json) process.stdout.write(`${JSON.stringify(result)}\n`);
}

const round = (value: number) => Math.round(value * 1_000) / 1_000;

await main();
