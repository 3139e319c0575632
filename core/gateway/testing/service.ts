// A service in a process of its own, so that it can be killed: `node service.ts PORT NAME`.
// Routes: /hang never answers, /cut breaks off, /500 fails, /big sends 3 MB; all else answers with its name.
import { createServer } from "node:http";

const [port, name] = process.argv.slice(2);
const server = createServer((message, answer) => {
	const chunks: Buffer[] = [];
	message.on("error", () => {});
	message.on("data", (chunk: Buffer) => chunks.push(chunk));
	message.on("end", () => {
		switch (message.url) {
			case "/hang":
				return;
			case "/cut":
				answer.writeHead(200, { "Content-Length": 100 });
				answer.write("half");
				setTimeout(() => message.socket.destroy(), 30);
				return;
			case "/500":
				answer.writeHead(500).end("own trouble");
				return;
			case "/big":
				answer.end(Buffer.alloc(3_000_000, 98));
				return;
			default:
				answer.end(`${name} ${message.method} ${message.url} ${Buffer.concat(chunks).length}`);
		}
	});
});
server.listen({ host: "127.0.0.1", port: Number(port) }, () => process.send?.("ready"));
