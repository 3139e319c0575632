// Holds idle connections: `idle-connections.ts PORT COUNT`. Each has asked once and been answered; then it is silent.
import { connect } from "node:net";
import { path } from "./load.ts";

const [port, count] = process.argv.slice(2).map(Number);
const atOnce = 200;
let opened = 0;
let held = 0;

function open(): void {
	if (opened === count) return;
	opened++;
	const socket = connect(port ?? 0, "127.0.0.1");
	socket.on("connect", () => socket.write(`GET ${path} HTTP/1.1\r\nHost: bench\r\n\r\n`));
	socket.once("data", () => {
		held++;
		open();
		if (held === count) process.send?.(held);
	});
	socket.on("error", () => process.send?.(held));
}

for (let index = 0; index < atOnce; index++) open();
process.on("disconnect", () => process.exit(0));
