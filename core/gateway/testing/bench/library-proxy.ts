// The library as a proxy of its own: `node library-proxy.ts PORT BACKEND`.
import { Agent, createServer } from "node:http";
import httpProxy from "http-proxy";

const [port, backend] = process.argv.slice(2).map(Number);
const proxy = httpProxy.createProxyServer({
	target: { host: "127.0.0.1", port: backend ?? 0 } as unknown as string,
	agent: new Agent({ keepAlive: true, maxFreeSockets: 256 }),
	xfwd: true,
});
proxy.on("error", (_error, _request, response) => {
	if ("writeHead" in response) response.writeHead(502).end();
});
createServer((request, response) => proxy.web(request, response)).listen(port, "127.0.0.1");
