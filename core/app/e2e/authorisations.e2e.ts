import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer as createHttpServer } from "node:http";
import { type AddressInfo, connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";
import { compare, iso8583Type } from "../../compare/index.ts";
import type { Exchange, ShadowAnswer, Upstream } from "../../contract/traffic.ts";
import type { Behaviour } from "../../contract/verdict.ts";
import { compilePlan, openGateway } from "../../gateway/control/index.ts";

const ends: (() => Promise<void>)[] = [];
const running: ChildProcess[] = [];
afterAll(async () => {
	for (const end of ends) await end();
	for (const child of running) child.kill("SIGKILL");
});

function start(file: string, args: string[]): ChildProcess {
	const path = fileURLToPath(new URL(`../../gateway/testing/${file}`, import.meta.url));
	const child = fork(path, args, { execArgv: [], cwd: process.cwd(), env: { PATH: process.env.PATH } });
	running.push(child);
	return child;
}

let nextPort = 21_000 + (process.pid % 900) * 12;

async function freePort(): Promise<number> {
	for (;;) {
		const port = nextPort++;
		const server = createServer();
		const isFree = await new Promise<boolean>((resolve) => {
			server.once("error", () => resolve(false));
			server.listen({ host: "127.0.0.1", port }, () => resolve(true));
		});
		if (!isFree) continue;
		server.close();
		await once(server, "close");
		return port;
	}
}

async function startHost(name: string): Promise<Upstream> {
	const port = await freePort();
	await once(start("authorisation-server.ts", [String(port), name]), "message");
	return { host: "127.0.0.1", port };
}

/** Every cent that tells half up from half to even, both sides of the limit, and sales, which cost nothing. */
const amounts = [100, 300, 500, 700, 12_345, 99_900, 492_609, 492_610, 492_611, 492_612, 499_999, 500_000, 500_001];
const connections = 8;

const digits = (value: number, size: number) => String(value).padStart(size, "0");
/** Fields 2, 3, 4, 7, 11 and 41. */
const request = (code: string, amount: number, stan: number) =>
	`0200722000000080000016400000000000${digits(stan % 10_000, 4)}${code}0000${digits(amount, 12)}1123050000${digits(stan, 6)}TERM0001`;
const echo = (stan: number) => `0800822000000000000004000000000000001123050000${digits(stan, 6)}301`;

/** What the two hosts must disagree on, worked out by other means than theirs. */
function expected(code: string, amount: number): string[] {
	const thousandths = code === "01" ? amount * 15 : 0;
	const up = amount + Math.round(thousandths / 1_000);
	const isTie = thousandths % 1_000 === 500;
	const even = isTie && Math.floor(thousandths / 1_000) % 2 === 0 ? up - 1 : up;
	const found = up === even ? [] : [`field 4: "${digits(up, 12)}" against "${digits(even, 12)}"`];
	const codes = [up > 500_000 ? "51" : "00", even >= 500_000 ? "51" : "00"];
	return codes[0] === codes[1] ? found : [...found, `field 39: "${codes[0]}" against "${codes[1]}"`];
}

test("[S14] two authorisation hosts behind one line: every planted fault is found, and its field is named", async () => {
	const [legacy, modern] = [await startHost("legacy"), await startHost("modern")];
	const page = createHttpServer((_request, answer) => answer.end("legacy"));
	page.listen({ host: "127.0.0.1", port: await freePort() });
	await once(page, "listening");
	const stateDir = mkdtempSync(join(tmpdir(), "phoenix-authorisations-"));
	const web = { host: "127.0.0.1", port: (page.address() as AddressInfo).port };
	const gateway = await openGateway({
		stateDir,
		port: await freePort(),
		legacy: web,
		listeners: [
			{
				kind: "tcp",
				id: "cards",
				host: "127.0.0.1",
				port: await freePort(),
				framing: { kind: "length", at: 0, size: 2, order: "big", counts: "rest", limit: 2_048 },
				pairing: { kind: "iso8583", encoding: "ascii" },
			},
		],
	});
	ends.push(async () => {
		await gateway.stop({ drainMs: 1_000 });
		page.close();
		rmSync(stateDir, { recursive: true, force: true });
	});
	const exchanges = new Map<number, Exchange>();
	const answers: ShadowAnswer[] = [];
	gateway.onExchanges((items) => {
		for (const exchange of items) exchanges.set(exchange.seq, exchange);
	});
	gateway.onShadowAnswers((more) => answers.push(...more));
	await gateway.setPlan(
		compilePlan({
			...{ version: gateway.plan().version + 1, legacy: web, idempotencyHeader: "Idempotency-Key", routes: [], reason: "shadow" },
			streams: [{ id: "cards", listener: "cards", legacy, mode: { kind: "shadow", mirror: { upstream: modern } } }],
		}),
	);
	const { port } = gateway.listeners.cards ?? { port: 0 };

	const perConnection = amounts.length * 2 + 1;
	await Promise.all(Array.from({ length: connections }, () => talk(port, perConnection)));
	await until(() => answers.length === connections * perConnection);
	const taken = connections * perConnection;
	expect((await gateway.stats()).copies).toEqual({ taken, delivered: taken, dropped: {} });

	const found = new Map<string, Set<string>>();
	for (const answer of answers) {
		const exchange = exchanges.get(answer.seq) as Exchange;
		const asked = contentOf(exchange.request.body);
		const [legacyText, modernText] = [contentOf(exchange.response.body), contentOf(answer.response.body)];
		for (const text of [legacyText, modernText]) expect(text.slice(0, 4)).toBe(asked.startsWith("0800") ? "0810" : "0210");
		const { kind, differences } = compare(behaviour(legacyText), behaviour(modernText), {
			...{ random: [], clock: [], clockSlackMs: 0 },
			window: { from: exchange.startedAt, to: exchange.endedAt },
		});
		const named = differences.map(({ field, legacy: a, modern: b }) => `${field.replace("answer/", "")}: "${a}" against "${b}"`);
		const key = asked.startsWith("0800") ? "echo" : `${asked.slice(38, 40)} ${Number(asked.slice(44, 56))}`;
		const wanted = key === "echo" ? [] : expected(asked.slice(38, 40), Number(asked.slice(44, 56)));
		expect(named, key).toEqual(wanted);
		expect(kind).toBe(wanted.length === 0 ? "identical" : "mismatch");
		for (const one of named) found.set(key, (found.get(key) ?? new Set()).add(one));
	}
	expect(Object.fromEntries([...found].map(([key, set]) => [key, [...set]]))).toEqual({
		"01 300": ['field 4: "000000000305" against "000000000304"'],
		"01 700": ['field 4: "000000000711" against "000000000710"'],
		"01 99900": ['field 4: "000000101399" against "000000101398"'],
		"01 492611": ['field 39: "00" against "51"'],
		"00 500000": ['field 39: "00" against "51"'],
	});
});

/** One line of a terminal network: everything at once, answers in whatever order. */
async function talk(port: number, count: number): Promise<void> {
	const socket = connect({ port, host: "127.0.0.1", noDelay: true });
	let held = Buffer.alloc(0);
	let got = 0;
	const done = new Promise<void>((resolve, reject) => {
		socket.on("error", reject);
		socket.on("data", (chunk: Buffer) => {
			held = Buffer.concat([held, chunk]);
			while (held.length >= 2 && held.length >= 2 + held.readUInt16BE(0)) {
				held = held.subarray(2 + held.readUInt16BE(0));
				if (++got === count) resolve();
			}
		});
	});
	let stan = 1;
	const messages = [echo(stan++), ...amounts.flatMap((amount) => ["01", "00"].map((code) => request(code, amount, stan++)))];
	for (const message of messages) {
		const head = Buffer.alloc(2);
		head.writeUInt16BE(message.length);
		socket.write(Buffer.concat([head, Buffer.from(message, "latin1")]));
	}
	await done;
	socket.end();
}

const contentOf = (base64: string) => Buffer.from(base64, "base64").subarray(2).toString("latin1");
const behaviour = (body: string): Behaviour => ({
	status: 200,
	contentType: iso8583Type({ encoding: "ascii", skip: 0 }),
	body,
	changes: [],
});

async function until(isSo: () => boolean): Promise<void> {
	const end = performance.now() + 15_000;
	while (!isSo()) {
		if (performance.now() > end) throw new Error(`not so within 15 s: ${isSo}`);
		await new Promise((resolve) => setTimeout(resolve, 10));
	}
}
