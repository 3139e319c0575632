import { request } from "node:http";
import { connect as connectHttp2 } from "node:http2";
import type { Socket } from "node:net";
import { Fault } from "../../base/fault.ts";
import type { Upstream } from "../../contract/traffic.ts";
import { connectWith, createUpstreamTls } from "../hot/index.ts";

/**
 * One GET that any HTTP answer satisfies, whatever its status; of who speaks HTTP/2, its settings. Faults: LEGACY_SILENT when none comes in
 * time, CERTIFICATE_UNUSABLE.
 */
export async function probeLegacy(legacy: Upstream, limitMs: number): Promise<void> {
	const tls = createUpstreamTls();
	const fault = tls.prepare([legacy]);
	if (fault !== null) throw fault;
	const socket = connectWith(tls)(legacy);
	const { host, port } = legacy;
	try {
		await within(limitMs, legacy.protocol === "h2" ? hearSettings(socket) : hearAnswer(socket, host, port));
	} catch (error) {
		const { code, message } = error as NodeJS.ErrnoException;
		throw new Fault("LEGACY_SILENT", { address: `${host}:${port}`, reason: code === "ECONNREFUSED" ? "connection refused" : message });
	} finally {
		socket.destroy();
	}
}

function hearAnswer(socket: Socket, host: string, port: number): Promise<void> {
	return new Promise((resolve, reject) => {
		const probe = request({ host, port, path: "/", createConnection: () => socket }, () => resolve());
		probe.on("error", reject);
		probe.end();
	});
}

function hearSettings(socket: Socket): Promise<void> {
	return new Promise((resolve, reject) => {
		const session = connectHttp2("http://upstream.invalid", { createConnection: () => socket });
		session.once("remoteSettings", () => resolve());
		session.on("error", reject);
		session.once("close", () => reject(new Error("it does not speak HTTP/2")));
	});
}

function within(limitMs: number, heard: Promise<void>): Promise<void> {
	return new Promise((resolve, reject) => {
		const timer = setTimeout(() => reject(new Error(`no HTTP answer within ${limitMs} ms`)), limitMs);
		heard.then(resolve, reject).finally(() => clearTimeout(timer));
	});
}
