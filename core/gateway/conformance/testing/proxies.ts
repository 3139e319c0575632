import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { until } from "../../testing/gateway.ts";
import { freePort } from "../../testing/upstream.ts";

/** A real proxy of another make, as its distribution ships it, with the least configuration that makes it a reverse proxy. */
export type Peer = { name: string; version: string; port: number; end(): Promise<void> };

type Make = {
	name: string;
	binary: string;
	versionOf(binary: string): string;
	config(port: number, upstream: number, directory: string): string;
	args(file: string): string[];
};

const makes: readonly Make[] = [
	{
		name: "nginx",
		binary: "/usr/sbin/nginx",
		// Its version goes to stderr.
		versionOf: (binary) => /nginx\/([\d.]+)/.exec(execFileSync("sh", ["-c", `${binary} -v 2>&1`]).toString())?.[1] ?? "?",
		config: (port, upstream, directory) => `${process.getuid?.() === 0 ? "user root;\n" : ""}daemon off;
worker_processes 1;
pid ${directory}/nginx.pid;
error_log ${directory}/error.log;
events { worker_connections 512; }
http {
	access_log off;
	client_body_temp_path ${directory}/body;
	proxy_temp_path ${directory}/proxy;
	fastcgi_temp_path ${directory}/fastcgi;
	uwsgi_temp_path ${directory}/uwsgi;
	scgi_temp_path ${directory}/scgi;
	upstream backend { server 127.0.0.1:${upstream}; keepalive 16; }
	server {
		listen 127.0.0.1:${port};
		location / {
			proxy_pass http://backend;
			proxy_http_version 1.1;
			proxy_set_header Host $http_host;
			proxy_set_header Connection "";
			proxy_request_buffering off;
			proxy_buffering off;
			proxy_next_upstream off;
		}
	}
}
`,
		args: (file) => ["-c", file],
	},
	{
		name: "haproxy",
		binary: "/usr/sbin/haproxy",
		versionOf: (binary) => /version ([\d.]+)/i.exec(execFileSync(binary, ["-v"]).toString())?.[1] ?? "?",
		config: (port, upstream) => `global
	maxconn 512
defaults
	mode http
	retries 0
	timeout connect 5s
	timeout client 5s
	timeout server 5s
	http-reuse always
frontend front
	bind 127.0.0.1:${port}
	default_backend back
backend back
	server one 127.0.0.1:${upstream}
`,
		args: (file) => ["-db", "-f", file],
	},
];

export const missingPeers = (): string[] => makes.filter(({ binary }) => !existsSync(binary)).map(({ name }) => name);

/** Those of them that are installed. */
export async function startPeers(upstream: number): Promise<Peer[]> {
	const peers: Peer[] = [];
	for (const make of makes) if (existsSync(make.binary)) peers.push(await startPeer(make, upstream));
	return peers;
}

async function startPeer(make: Make, upstream: number): Promise<Peer> {
	const directory = mkdtempSync(join(tmpdir(), `phoenix-${make.name}-`));
	const port = await freePort();
	const file = join(directory, "proxy.conf");
	writeFileSync(file, make.config(port, upstream, directory));
	const child = spawn(make.binary, make.args(file), { stdio: ["ignore", "ignore", "pipe"] });
	let told = "";
	child.stderr.on("data", (text) => {
		told += text;
	});
	const exited = new Promise<void>((resolve) => child.once("exit", () => resolve()));
	await until(async () => {
		if (child.exitCode !== null) throw new Error(`${make.name} ended at once: ${told}`);
		return await isListening(port);
	});
	return {
		name: make.name,
		version: make.versionOf(make.binary),
		port,
		async end() {
			child.kill("SIGTERM");
			await exited;
			rmSync(directory, { recursive: true, force: true });
		},
	};
}

function isListening(port: number): Promise<boolean> {
	return new Promise((resolve) => {
		const socket = connect({ host: "127.0.0.1", port });
		socket.on("connect", () => {
			socket.destroy();
			resolve(true);
		});
		socket.on("error", () => resolve(false));
	});
}
