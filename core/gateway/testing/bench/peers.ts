import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { end, familyOf, OTHER_CORE, PROXY_CORE, startOn, untilListening, which } from "./processes.ts";

/** Something that listens: its port, its processes, its end. */
export type Running = { port: number; pids(): number[]; stop(): Promise<void> };

/** A server that is started anew for the bench; null from `start`: it is not on this machine, and `missing` says how to have it. */
export type Peer = { name: string; missing: string; start(port: number, backend: number, dir: string): Promise<Running | null> };

const hundred = "x".repeat(100);

/** Answers everything with 100 bytes; a second address for mirrored copies. */
export async function startBackend(port: number, dir: string): Promise<Running> {
	const answer = `location / { default_type text/plain; return 200 "${hundred}"; }`;
	const servers = [port, port + 1].map((one) => `server { listen 127.0.0.1:${one} backlog=1024; ${answer} }`).join("\n");
	const running = await startNginx("the backend", port, dir, servers, OTHER_CORE);
	if (running === null) throw new Error("The bench needs nginx: apt-get install nginx-light");
	return running;
}

async function startNginx(name: string, port: number, dir: string, servers: string, core: string): Promise<Running | null> {
	const program = which("nginx");
	if (program === null) return null;
	const prefix = join(dir, `nginx-${port}`);
	mkdirSync(join(prefix, "logs"), { recursive: true });
	writeFileSync(
		join(prefix, "nginx.conf"),
		`worker_processes 1; daemon off; master_process off; pid ${prefix}/pid; error_log ${prefix}/error.log;
events { worker_connections 16384; }
http { access_log off; keepalive_requests 1000000000; keepalive_timeout 600s; client_max_body_size 10m; client_body_buffer_size 128k;
client_body_temp_path ${prefix}/body; proxy_temp_path ${prefix}/proxy; fastcgi_temp_path ${prefix}/f; uwsgi_temp_path ${prefix}/u; scgi_temp_path ${prefix}/s;
${servers} }\n`,
	);
	return await run(name, port, startOn(core, program, ["-p", prefix, "-c", join(prefix, "nginx.conf")]));
}

async function run(name: string, port: number, child: ReturnType<typeof startOn>): Promise<Running> {
	await untilListening(port, name);
	return { port, pids: () => familyOf(child.pid ?? 0), stop: () => end(child) };
}

const upstreams = (backend: number) => `upstream legacy { server 127.0.0.1:${backend}; keepalive 128; keepalive_requests 1000000000; }
upstream copy { server 127.0.0.1:${backend + 1}; keepalive 128; keepalive_requests 1000000000; }`;
const pass = (to: string) =>
	`proxy_pass http://${to}; proxy_http_version 1.1; proxy_set_header Connection ""; proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;`;

const nginx: Peer = {
	name: "nginx",
	missing: "apt-get install nginx-light",
	start: (port, backend, dir) =>
		startNginx(
			"nginx",
			port,
			dir,
			`${upstreams(backend)} server { listen 127.0.0.1:${port}; location / { ${pass("legacy")} } }`,
			PROXY_CORE,
		),
};

const nginxMirror: Peer = {
	name: "nginx + mirror",
	missing: "apt-get install nginx-light",
	start: (port, backend, dir) =>
		startNginx(
			"nginx + mirror",
			port,
			dir,
			`${upstreams(backend)} server { listen 127.0.0.1:${port}; location / { mirror /copy; ${pass("legacy")} }
location = /copy { internal; ${pass("copy")} proxy_set_header Host $host; } }`,
			PROXY_CORE,
		),
};

const haproxy: Peer = {
	name: "haproxy",
	missing: "apt-get install haproxy",
	async start(port, backend, dir) {
		const program = which("haproxy");
		if (program === null) return null;
		const file = join(dir, `haproxy-${port}.cfg`);
		writeFileSync(
			file,
			`global\n  maxconn 4096\n  nbthread 1\ndefaults\n  mode http\n  timeout client 60s\n  timeout server 60s\n  timeout connect 5s\n  option forwardfor\n  http-reuse always
frontend f\n  bind 127.0.0.1:${port}\n  default_backend b\nbackend b\n  server s 127.0.0.1:${backend}\n`,
		);
		return await run("haproxy", port, startOn(PROXY_CORE, program, ["-f", file, "-db", "-q"]));
	},
};

const skipperVersion = "v0.22.42";

const skipperTee: Peer = {
	name: "skipper + tee",
	missing: "it is built once with Go from github.com/zalando/skipper, where the module proxy has it",
	async start(port, backend, dir) {
		const program = skipperProgram();
		if (program === null) return null;
		const routes = join(dir, `skipper-${port}.eskip`);
		writeFileSync(routes, `all: * -> tee("http://127.0.0.1:${backend + 1}") -> "http://127.0.0.1:${backend}";\n`);
		const args = [
			"-address",
			`127.0.0.1:${port}`,
			"-routes-file",
			routes,
			"-access-log-disabled",
			"-support-listener",
			`127.0.0.1:${port + 1}`,
		];
		return await run("skipper", port, startOn(PROXY_CORE, program, args, { env: { ...process.env, GOMAXPROCS: "1" } }));
	},
};

/** Built once and kept outside of the repository. */
function skipperProgram(): string | null {
	const dir = join(homedir(), ".cache/phoenix-bench");
	const program = join(dir, "skipper");
	if (existsSync(program)) return program;
	const go = which("go") ?? (existsSync("/usr/local/go/bin/go") ? "/usr/local/go/bin/go" : null);
	if (go === null) return null;
	try {
		process.stderr.write(`Building skipper ${skipperVersion}: some minutes, once.\n`);
		execFileSync(go, ["install", `github.com/zalando/skipper/cmd/skipper@${skipperVersion}`], {
			env: { ...process.env, GOBIN: dir },
			stdio: ["ignore", "ignore", "inherit"],
			timeout: 1_800_000,
		});
		return program;
	} catch {
		return null;
	}
}

const httpProxyLibrary: Peer = {
	name: "http-proxy (library)",
	missing: "npm ci",
	start: (port, backend) =>
		run(
			"http-proxy",
			port,
			startOn(PROXY_CORE, process.execPath, [join(import.meta.dirname, "library-proxy.ts"), String(port), String(backend)]),
		),
};

export const peers: readonly Peer[] = [nginx, haproxy, nginxMirror, skipperTee, httpProxyLibrary];
