import { createServer, type Server } from "node:http";
import type { ExpositionFormat, MetricsAddress } from "../supervision/observe-request.ts";
import { contentTypes, formatFor } from "./exposition.ts";

const connectionLimit = 32;

/** `GET /metrics`, and nothing else. Rejects where the address cannot be had. */
export function serveMetrics({ host, port }: MetricsAddress, scrape: (format: ExpositionFormat) => Promise<string>): Promise<Server> {
	const server = createServer({ requestTimeout: 5_000, headersTimeout: 5_000, keepAliveTimeout: 90_000 }, (request, response) => {
		const [path] = (request.url ?? "").split("?");
		request.resume();
		if (path !== "/metrics") {
			response.writeHead(404, { "Content-Type": "text/plain" }).end("Metrics are at /metrics.\n");
			return;
		}
		if (request.method !== "GET" && request.method !== "HEAD") {
			response.writeHead(405, { Allow: "GET, HEAD" }).end();
			return;
		}
		const format = formatFor(request.headers.accept);
		scrape(format).then(
			(text) => response.writeHead(200, { "Content-Type": contentTypes[format], "Cache-Control": "no-store" }).end(text),
			() => response.writeHead(500).end(),
		);
	});
	server.maxConnections = connectionLimit;
	return new Promise((resolve, reject) => {
		server.once("error", reject);
		server.listen({ host, port }, () => {
			server.off("error", reject);
			server.on("error", () => {});
			// Whoever stops the gateway does not wait for a scraper.
			server.unref();
			resolve(server);
		});
	});
}
