import { fileURLToPath } from "node:url";
import { freePort } from "../../testing/upstream.ts";
import { end, familyOf, proxyCore, startOn, untilListening } from "../processes.ts";
import type { Backends, Peer } from "./peer.ts";

const program = fileURLToPath(new URL("./http-proxy-server.mjs", import.meta.url));

export async function startHttpProxy({ legacy }: Backends): Promise<Peer> {
	const port = await freePort();
	const child = startOn(proxyCore, process.execPath, ["--no-deprecation", program, String(port), String(legacy)]);
	await untilListening(port, "http-proxy");
	return { name: "http-proxy (library)", port, pids: () => familyOf(child.pid ?? 0), end: () => end(child) };
}
