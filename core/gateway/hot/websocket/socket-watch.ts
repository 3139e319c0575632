import type { Socket } from "node:net";
import { systemClock } from "../../../base/clock.ts";
import type { Mirror, RouteMode, Upstream } from "../../../contract/traffic.ts";
import { countIn } from "../capture/counters.ts";
import { resetSocket } from "../client/reset-socket.ts";
import type { Plane } from "../plane.ts";
import { type Arm, stillAllows } from "../routing/choose-arm.ts";
import type { Route } from "../routing/plan-table.ts";
import type { ShadowCopies } from "../shadow/shadow-copies.ts";
import type { Handshake } from "./handshake.ts";
import { createShadowSocket, type ShadowSocket } from "./shadow-socket.ts";
import { createTurns, type Turns } from "./turns.ts";

/** A WebSocket that has been opened: both ends, and what the plan said of it. */
export type OpenSocket = { client: Socket; server: Socket; handshake: Handshake; route: Route | null; arm: Arm };

export type SocketWatch = {
	/** The messages on sockets of this route and arm are to be told. */
	isRead(route: Route | null, arm: Arm): boolean;
	/** Both ends are piped into each other already. */
	opened(socket: OpenSocket): void;
	sweep(at: number): void;
	/** Another plan is in force: sockets of a new service that it does not name are closed. */
	planned(): void;
};

type WatchDeps = { plane: Plane; copies: ShadowCopies; open(upstream: Upstream): Socket };

const settleMs = 500;
const { now } = systemClock;

/** What becomes of WebSockets once they are open. Their bytes are piped elsewhere; here they are only looked at. */
export function createSocketWatch({ plane, copies, open }: WatchDeps): SocketWatch {
	const { counters, limits } = plane;
	const read = new Set<{ turns: Turns; shadow: ShadowSocket | null; isEnded: boolean }>();
	const modern = new Set<{ socket: OpenSocket; upstream: Upstream }>();

	function watch({ client, server, handshake, route, arm }: OpenSocket): void {
		const mirror = mirrorOf(route?.mode);
		const shadow =
			mirror === null
				? null
				: createShadowSocket({ handshake, mirror, streams: counters.streams, cap: limits.bodyCap, settleMs, open, now });
		const turns = createTurns({
			plane,
			target: handshake.target,
			routeId: route?.id ?? null,
			arm,
			mirror,
			copies,
			shadow,
			settleMs,
			isWanted: () => isReadMode(plane.table().byId(route?.id ?? null)?.mode, arm),
			now,
		});
		const entry = { turns, shadow, isEnded: false };
		read.add(entry);
		client.on("data", turns.fromClient);
		server.on("data", turns.fromServer);
		let first: "client" | "server" | null = null;
		for (const [side, socket] of [
			["client", client],
			["server", server],
		] as const) {
			const ended = () => {
				first ??= side;
			};
			socket.once("end", ended);
			socket.once("close", () => {
				ended();
				if (entry.isEnded) return;
				entry.isEnded = true;
				turns.end(first === "client");
			});
		}
	}

	/** Closes what the plan of the moment no longer allows. */
	function retire({ socket, upstream }: { socket: OpenSocket; upstream: Upstream }): boolean {
		if (stillAllows(plane.table().byId(socket.route?.id ?? null), upstream)) return false;
		countIn(counters.streams, "retired");
		resetSocket(socket.server);
		resetSocket(socket.client);
		return true;
	}

	const isRead = (route: Route | null, arm: Arm): boolean => isReadMode(route?.mode, arm) && (arm.kind === "modern" || arm.mirrored);

	return {
		isRead,
		opened(socket) {
			const { arm, route, client } = socket;
			countIn(counters.streams, "sockets");
			if (arm.kind === "modern") {
				const entry = { socket, upstream: arm.upstream };
				modern.add(entry);
				client.on("data", plane.onModernSent);
				client.once("close", () => modern.delete(entry));
				if (retire(entry)) return;
			}
			if (isRead(route, arm)) watch(socket);
		},
		sweep(at) {
			for (const entry of read) {
				entry.turns.sweep(at);
				entry.shadow?.sweep(at);
				if (entry.isEnded && (entry.shadow === null || entry.shadow.isClosed())) read.delete(entry);
			}
		},
		planned() {
			for (const entry of modern) retire(entry);
		},
	};
}

function mirrorOf(mode: RouteMode | undefined): Mirror | null {
	return mode === undefined || mode.kind === "legacy" ? null : (mode.mirror ?? null);
}

function isReadMode(mode: RouteMode | undefined, arm: Arm): boolean {
	switch (mode?.kind) {
		case "shadow":
			return arm.kind === "legacy";
		case "canary":
			return arm.kind === "legacy" && mode.mirror !== undefined;
		case "modern":
			return arm.kind === "modern" && mode.mirror !== undefined;
		default:
			return false;
	}
}
