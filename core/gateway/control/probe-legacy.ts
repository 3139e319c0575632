import { request } from "node:http";
import { connect } from "node:net";
import { Fault } from "../../base/fault.ts";
import type { Upstream } from "../../contract/traffic.ts";

/**
 * One GET that any HTTP answer satisfies, whatever its status; who speaks TLS or HTTP/2 need only take a connection. Fault LEGACY_SILENT
 * when that does not come in time.
 */
export function probeLegacy({ host, port, tls, protocol }: Upstream, limitMs: number): Promise<void> {
	return new Promise((resolve, reject) => {
		const isPlain = tls === undefined && protocol !== "h2";
		const succeed = () => {
			clearTimeout(timer);
			probe.destroy();
			resolve();
		};
		const probe = isPlain
			? request({ host, port, path: "/", agent: false, timeout: limitMs }, succeed).end()
			: connect({ host, port }, succeed);
		const timer = setTimeout(() => probe.destroy(new Error(`no ${isPlain ? "HTTP answer" : "connection"} within ${limitMs} ms`)), limitMs);
		probe.on("error", (error: NodeJS.ErrnoException) => {
			clearTimeout(timer);
			const reason = error.code === "ECONNREFUSED" ? "connection refused" : error.message;
			reject(new Fault("LEGACY_SILENT", { address: `${host}:${port}`, reason }));
		});
	});
}
