import { request } from "node:http";
import { Fault } from "../../base/fault.ts";
import type { Upstream } from "../../contract/traffic.ts";

/** One GET that any HTTP answer satisfies, whatever its status. Fault LEGACY_SILENT when none comes in time. */
export function probeLegacy({ host, port }: Upstream, limitMs: number): Promise<void> {
	return new Promise((resolve, reject) => {
		const probe = request({ host, port, path: "/", agent: false, timeout: limitMs }, (response) => {
			clearTimeout(timer);
			response.destroy();
			resolve();
		});
		const timer = setTimeout(() => probe.destroy(new Error(`no HTTP answer within ${limitMs} ms`)), limitMs);
		probe.on("error", (error: NodeJS.ErrnoException) => {
			clearTimeout(timer);
			const reason = error.code === "ECONNREFUSED" ? "connection refused" : error.message;
			reject(new Fault("LEGACY_SILENT", { address: `${host}:${port}`, reason }));
		});
		probe.end();
	});
}
