import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { freePort } from "../../testing/upstream.ts";
import { end, familyOf, proxyCore, startOn, untilListening } from "../processes.ts";
import type { Backends, Peer } from "./peer.ts";

/** One worker, upstream connections kept, bodies in memory, the same forwarding headers as ours, no access log. */
export async function startNginx(dir: string, { legacy, shadow }: Backends, mirrors: boolean): Promise<Peer> {
	const port = await freePort();
	const home = join(dir, `nginx-${port}`);
	mkdirSync(home);
	const passing = `
			proxy_http_version 1.1;
			proxy_set_header Connection "";
			proxy_set_header Host $http_host;
			proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
			proxy_set_header X-Forwarded-Proto $scheme;`;
	const mirror = `
		location = /mirror {
			internal;${passing}
			proxy_pass http://shadow$request_uri;
		}`;
	writeFileSync(
		join(home, "nginx.conf"),
		`
daemon off;
worker_processes 1;
pid ${home}/pid;
error_log ${home}/error.log crit;
events { worker_connections 16384; }
http {
	access_log off;
	server_tokens off;
	tcp_nodelay on;
	keepalive_requests 100000000;
	keepalive_timeout 120s;
	client_body_buffer_size 128k;
	client_body_temp_path ${home}/body;
	proxy_temp_path ${home}/proxy;
	fastcgi_temp_path ${home}/fastcgi;
	uwsgi_temp_path ${home}/uwsgi;
	scgi_temp_path ${home}/scgi;
	upstream legacy { server 127.0.0.1:${legacy}; keepalive 256; keepalive_requests 100000000; }
	upstream shadow { server 127.0.0.1:${shadow}; keepalive 256; keepalive_requests 100000000; }
	server {
		listen 127.0.0.1:${port} backlog=4096;
		location / {${mirrors ? "\n\t\t\tmirror /mirror;" : ""}${passing}
			proxy_pass http://legacy;
		}${mirrors ? mirror : ""}
	}
}
`,
	);
	const child = startOn(proxyCore, "nginx", ["-p", home, "-c", join(home, "nginx.conf")]);
	await untilListening(port, "nginx");
	return { name: mirrors ? "nginx + mirror" : "nginx", port, pids: () => familyOf(child.pid ?? 0), end: () => end(child, "SIGTERM") };
}
