// A server that misbehaves where a request tells it to: `node server.ts ROLE PORT`. Everything else it answers with the body that belongs
// to the request. HTTP is written by hand, because no honest library would send most of this.
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import { bodyFor, type Fault, headerOf, hugeBytes, type Role } from "./faults.ts";

const role = process.argv[2] as Role;
const port = Number(process.argv[3]);

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
	let received = 0;
	for await (const chunk of request) received += (chunk as Buffer).length;
	const { socket } = request;
	const text = (name: string): string => String(request.headers[name] ?? "");
	const fault = text(headerOf(role)) as Fault;
	const id = text("x-id");
	const body = bodyFor(id, fault === "huge" ? hugeBytes : Number(text("x-bytes")));
	const head = `HTTP/1.1 200 OK\r\nX-Id: ${id}\r\nX-Role: ${role}\r\nX-Received: ${received}\r\n`;
	const length = `Content-Length: ${body.length}\r\n`;
	switch (fault) {
		case "slow":
			await delay(200 + Math.random() * 600);
			break;
		case "hung":
			return;
		case "reset":
			socket.resetAndDestroy();
			return;
		case "cut":
			socket.write(`${head}${length}\r\n`);
			socket.write(body.subarray(0, body.length / 2));
			setTimeout(() => socket.resetAndDestroy(), 20);
			return;
		case "short":
			socket.end(Buffer.concat([Buffer.from(`${head}${length}\r\n`), body.subarray(0, body.length - 1)]));
			return;
		case "garbage":
			socket.end("\x00\x01 this is no HTTP\r\n\r\n");
			return;
		case "two-lengths":
			socket.write(Buffer.concat([Buffer.from(`${head}${length}Content-Length: 1\r\n\r\n`), body]));
			return;
		case "surplus":
			socket.write(
				Buffer.concat([
					Buffer.from(`${head}${length}\r\n`),
					body,
					Buffer.from(`HTTP/1.1 200 OK\r\nX-Id: nobody's\r\nContent-Length: 0\r\n\r\n`),
				]),
			);
			return;
		case "half-close":
			socket.end(Buffer.concat([Buffer.from(`${head}${length}Connection: close\r\n\r\n`), body]));
			return;
		default:
			break;
	}
	response.writeHead(fault === "error" ? 500 : 200, { "X-Id": id, "X-Role": role, "X-Received": received, "Content-Length": body.length });
	response.end(body);
}

const server = createServer({ keepAliveTimeout: 10_000 }, (request, response) => {
	response.on("error", () => {});
	answer(request, response).catch(() => request.socket.destroy());
});
server.on("connection", (socket) => socket.on("error", () => {}));
server.on("clientError", (_error, socket) => socket.destroy());
server.listen({ host: "127.0.0.1", port }, () => process.send?.("ready"));
process.on("disconnect", () => process.exit(0));
