import { connect, type Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { load, median, payloads } from "./load.ts";
import type { OwnGateway } from "./own-gateway.ts";
import { residentMegabytes } from "./processes.ts";

const [get] = payloads as [(typeof payloads)[number]];
const shadow = { kind: "shadow", percent: 100 } as const;
const legacy = { kind: "legacy" } as const;

type Setting = { gateway: OwnGateway; seconds: number; rounds: number; dir: string };

/** Requests a second with the comparison hung, or gone, against shadow off; rounds side by side. */
export async function measureHung({ gateway, seconds, rounds, dir }: Setting): Promise<{ hung: number; gone: number }> {
	const [off, hung, gone]: [number[], number[], number[]] = [[], [], []];
	const rate = async () => (await load(gateway.port, get, 64, seconds, dir)).rate;
	for (let round = 0; round < rounds; round++) {
		await gateway.setMode(legacy);
		off.push(await rate());
		await gateway.setMode(shadow);
		const subscriber = await gateway.subscribe();
		process.kill(subscriber.pid, "SIGSTOP");
		// Until its share of memory is full.
		await load(gateway.port, get, 64, 3, dir);
		hung.push(await rate());
		await subscriber.end();
		await delay(3_000);
		gone.push(await rate());
	}
	return { hung: median(hung) / median(off), gone: median(gone) / median(off) };
}

/** Requests a second by the number of routes in the plan, those with variables included. */
export async function measureRoutes({ gateway, seconds, dir }: Setting): Promise<{ routes: number; rate: number }[]> {
	const found: { routes: number; rate: number }[] = [];
	for (const routes of [1, 10, 100, 1_000]) {
		await gateway.setMode(legacy, routes);
		found.push({ routes, rate: (await load(gateway.port, get, 64, seconds, dir)).rate });
	}
	await gateway.setMode(legacy);
	return found;
}

/** With so many clients that are only connected; as many as this process may open. */
export async function measureIdle({ gateway, seconds, dir }: Setting, count: number) {
	const before = (await load(gateway.port, get, 64, seconds, dir)).rate;
	const [lean] = [residentMegabytes(gateway.pids())];
	const idle: Socket[] = [];
	while (idle.length < count) {
		const some = await Promise.all(Array.from({ length: 200 }, () => hold(gateway.port)));
		idle.push(...some.filter((socket) => socket !== null));
		if (some.includes(null)) break;
	}
	const { rate } = await load(gateway.port, get, 64, seconds, dir);
	const megabytes = residentMegabytes(gateway.pids());
	for (const socket of idle) socket.destroy();
	return { connections: idle.length, share: rate / before, kilobytesEach: ((megabytes - lean) * 1024) / Math.max(1, idle.length) };
}

function hold(port: number): Promise<Socket | null> {
	return new Promise((resolve) => {
		const socket = connect(port, "127.0.0.1");
		socket.once("connect", () => resolve(socket));
		socket.once("error", () => resolve(null));
	});
}

/**
 * Presses the kill switch under full load, no core attached, all traffic at the new service. Milliseconds from the press to the last
 * request that the new service was sent; 0 when none was sent after it.
 */
export async function measureKillSwitch({ gateway, dir }: Setting, modernPort: number, presses: number): Promise<number[]> {
	const upstream = { host: "127.0.0.1", port: modernPort };
	const late: number[] = [];
	for (let press = 0; press < presses; press++) {
		await gateway.setMode({ kind: "modern", upstream, failover: "always" });
		const traffic = load(gateway.port, get, 64, 2, dir);
		await delay(600);
		const { at } = await gateway.control.panic("a bench");
		await traffic;
		const { lastModernAt } = await gateway.control.stats();
		if (lastModernAt === 0) throw new Error("no request reached the new service, so nothing was measured");
		late.push(Math.max(0, lastModernAt - at));
		await gateway.control.clearPanic();
	}
	return late;
}
