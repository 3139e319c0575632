import type { Backend } from "../load/backend.ts";
import { startHaproxy } from "./haproxy.ts";
import { startHttpProxy } from "./http-proxy.ts";
import { startNginx } from "./nginx.ts";
import { routesWith, startOurs, startOursShadowing } from "./ours.ts";
import type { Peer } from "./peer.ts";
import { buildSkipper, startSkipper } from "./skipper.ts";

/** As they stand in the tables. */
export const peerNames = {
	direct: "direct, no proxy",
	ours: "ours",
	shadowing: "ours + shadowing",
	copying: "ours + own mirror",
	nginx: "nginx",
	mirror: "nginx + mirror",
	haproxy: "haproxy",
	library: "http-proxy",
	skipper: "skipper + tee",
} as const;

export type PeerSetting = {
	dir: string;
	legacy: Backend;
	shadow: Backend;
	/** Names of programs that are not there. */
	missing: readonly string[];
	/** Begins of names; empty: all. */
	wanted: readonly string[];
	say(line: string): void;
};

/** Starts everybody who can be started; `absent`: who cannot, and why. */
export async function startPeers(setting: PeerSetting): Promise<{ peers: Peer[]; absent: Record<string, string> }> {
	const { dir, legacy, shadow, missing, wanted, say } = setting;
	const backends = { legacy: legacy.port, shadow: shadow.port };
	const absent: Record<string, string> = {};
	const needs = (program: string) => {
		if (missing.includes(program)) throw new Error(`${program} is not installed`);
	};
	const starters: Record<keyof typeof peerNames, () => Promise<Peer>> = {
		direct: async () => ({ name: peerNames.direct, port: legacy.port, pids: () => [legacy.pid], end: async () => {} }),
		ours: () => startOurs(peerNames.ours, legacy.port, routesWith({ kind: "legacy" })),
		shadowing: () => startOursShadowing(peerNames.shadowing, legacy.port),
		copying: () => startOursShadowing(peerNames.copying, legacy.port, shadow.address),
		async nginx() {
			needs("nginx");
			return await startNginx(dir, backends, false);
		},
		async mirror() {
			needs("nginx");
			return await startNginx(dir, backends, true);
		},
		async haproxy() {
			needs("haproxy");
			return await startHaproxy(dir, backends);
		},
		library: () => startHttpProxy(backends),
		async skipper() {
			return await startSkipper(buildSkipper(say, missing.includes("go")), backends);
		},
	};
	const peers: Peer[] = [];
	for (const [key, start] of Object.entries(starters)) {
		const name = peerNames[key as keyof typeof peerNames];
		// The direct path is what latencies are compared with.
		if (key !== "direct" && wanted.length > 0 && !wanted.some((begin) => name === begin || (begin !== "ours" && name.startsWith(begin))))
			continue;
		try {
			peers.push({ ...(await start()), name });
		} catch (error) {
			absent[name] = error instanceof Error ? error.message : String(error);
		}
	}
	return { peers, absent };
}
