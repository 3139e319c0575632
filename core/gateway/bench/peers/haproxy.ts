import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { freePort } from "../../testing/upstream.ts";
import { end, familyOf, proxyCore, startOn, untilListening } from "../processes.ts";
import type { Backends, Peer } from "./peer.ts";

/** One thread, upstream connections shared by all clients, the same forwarding headers as ours, no log. */
export async function startHaproxy(dir: string, { legacy }: Backends): Promise<Peer> {
	const port = await freePort();
	const file = join(dir, `haproxy-${port}.cfg`);
	writeFileSync(
		file,
		`
global
	nbthread 1
defaults
	mode http
	timeout connect 5s
	timeout client 120s
	timeout server 60s
	timeout http-keep-alive 120s
	option forwardfor
	http-reuse always
frontend clients
	bind 127.0.0.1:${port}
	http-request set-header X-Forwarded-Proto http
	default_backend legacy
backend legacy
	server legacy 127.0.0.1:${legacy} pool-max-conn 256
`,
	);
	const child = startOn(proxyCore, "haproxy", ["-db", "-q", "-f", file]);
	await untilListening(port, "haproxy");
	return { name: "haproxy", port, pids: () => familyOf(child.pid ?? 0), end: () => end(child) };
}
