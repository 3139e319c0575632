// The library http-proxy as one would use it: `http-proxy-server.mjs PORT LEGACY_PORT`. Upstream connections are kept.
import { Agent, createServer } from "node:http";
import httpProxy from "http-proxy";

const [port, legacyPort] = process.argv.slice(2);
const agent = new Agent({ keepAlive: true, maxSockets: 256, maxFreeSockets: 256 });
const proxy = httpProxy.createProxyServer({ target: { host: "127.0.0.1", port: Number(legacyPort) }, agent, xfwd: true });
proxy.on("error", (_error, _request, answer) => {
	if ("writeHead" in answer) answer.writeHead(502);
	answer.end();
});
createServer((request, answer) => proxy.web(request, answer)).listen(Number(port), "127.0.0.1");
