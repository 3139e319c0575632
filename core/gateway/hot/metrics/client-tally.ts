import type { Socket } from "node:net";
import type { ClientConnection } from "../client/client-connection.ts";
import { type Refusal, refusals } from "../http1/refusal.ts";
import type { TlsCounts } from "../tls/tls-front.ts";
import type { WorkerFigures } from "./worker-metrics.ts";

const names = new Map<Refusal, string>(Object.entries(refusals).map(([name, refusal]) => [refusal, name]));

/** Client connections and what came of them. Those that are open now are only looked at when somebody asks. */
export function createClientTally(connections: ReadonlySet<ClientConnection>) {
	const refused: Record<string, number> = {};
	const tls: Record<string, TlsCounts> = {};
	let accepted = 0;
	let upgrades = 0;
	let received = 0;
	let sent = 0;
	return {
		enter(): void {
			accepted++;
		},
		leave(socket: Socket): void {
			received += socket.bytesRead;
			sent += socket.bytesWritten;
		},
		/** A connection that has left comes back in another protocol: it is one all the same. */
		goOn(socket: Socket): void {
			accepted--;
			received -= socket.bytesRead;
			sent -= socket.bytesWritten;
		},
		refuse(refusal: Refusal): void {
			const name = names.get(refusal) ?? "other";
			refused[name] = (refused[name] ?? 0) + 1;
		},
		/** The handshakes of one listener. */
		follow(listener: string, counts: TlsCounts | null): void {
			if (counts !== null) tls[listener] = counts;
		},
		upgrade(): void {
			upgrades++;
		},
		figures(): Omit<WorkerFigures, "pools"> {
			let idle = 0;
			const network = { received, sent };
			for (const { socket, isIdle } of connections) {
				if (isIdle()) idle++;
				network.received += socket.bytesRead;
				network.sent += socket.bytesWritten;
			}
			return { refused, upgrades, tls, connections: { accepted, open: connections.size, idle }, network };
		},
	};
}
