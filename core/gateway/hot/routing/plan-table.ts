import type { PlannedRoute, RouteMode, RoutePlan, Upstream } from "../../../contract/traffic.ts";
import { createStreamTable, type StreamTable } from "../stream/stream-table.ts";

/** One route, ready for the hot path. `share` carries the remainder of the sampled percent from request to request. */
export type Route = { id: string; mode: RouteMode; share: number };

/** The first value of a header by its lower-case name, or null. */
export type HeaderOf = (lower: string) => string | null;

export type PlanTable = {
	version: number;
	legacy: Upstream | null;
	/** Lower case. */
	idempotencyHeader: string;
	match(method: string, target: string, headerOf: HeaderOf): Route | null;
	/** What the plan says of this route now; null when it knows it no more. */
	byId(id: string | null): Route | null;
	/** Where the connections of TCP listeners go. */
	streams: StreamTable;
};

type Candidate = { route: Route; host: string | null; headers: readonly (readonly [string, string])[] };

/** Paths with variables, by their segments: `/accounts/{id}` and `/accounts/all` part at the second. */
type Branch = { literals: Map<string, Branch>; variable: Branch | null; ends: Candidate[] };

/**
 * The whole plan, compiled: one look-up for plain paths however many routes there are, a walk over the segments for paths with variables.
 * Bytes are compared, never what they might mean: anything unusual goes to legacy. Among several that fit, the more exact wins: a plain
 * path before a variable, then who asks for more headers and a host.
 */
export function createPlanTable(plan: RoutePlan): PlanTable {
	const plain = new Map<string, Map<string, Candidate[]>>();
	const trees = new Map<string, Branch>();
	const ids = new Map<string, Route>();
	for (const planned of plan.routes) {
		const candidate = candidateOf(planned);
		ids.set(planned.id, candidate.route);
		if (planned.path.includes("{")) plant(trees, planned, candidate);
		else {
			const paths = plain.get(planned.method) ?? new Map<string, Candidate[]>();
			plain.set(planned.method, paths);
			paths.set(planned.path, [...(paths.get(planned.path) ?? []), candidate]);
		}
	}
	for (const paths of plain.values()) for (const candidates of paths.values()) candidates.sort(byExactness);

	return {
		version: plan.version,
		legacy: plan.legacy,
		idempotencyHeader: plan.idempotencyHeader.toLowerCase(),
		match(method, target, headerOf) {
			const path = pathOf(target);
			const candidates = plain.get(method)?.get(path);
			const found = candidates === undefined ? null : firstFitting(candidates, headerOf);
			if (found !== null || trees.size === 0) return found;
			const tree = trees.get(method);
			return tree === undefined ? null : walk(tree, path.split("/"), 1, headerOf);
		},
		byId: (id) => (id === null ? null : (ids.get(id) ?? null)),
		streams: createStreamTable(plan.streams ?? []),
	};
}

function candidateOf({ id, mode, host, headers }: PlannedRoute): Candidate {
	const wanted = Object.entries(headers ?? {}).map(([name, value]) => [name.toLowerCase(), value] as const);
	return { route: { id, mode, share: 0 }, host: host?.toLowerCase() ?? null, headers: wanted };
}

function plant(trees: Map<string, Branch>, { method, path }: PlannedRoute, candidate: Candidate): void {
	const branch = (): Branch => ({ literals: new Map(), variable: null, ends: [] });
	let at = trees.get(method) ?? branch();
	trees.set(method, at);
	for (const segment of path.split("/").slice(1)) {
		if (isVariable(segment)) {
			at.variable ??= branch();
			at = at.variable;
		} else {
			const next = at.literals.get(segment) ?? branch();
			at.literals.set(segment, next);
			at = next;
		}
	}
	at.ends = [...at.ends, candidate].sort(byExactness);
}

/** `{id}` stands for one segment that is not empty. */
export const isVariable = (segment: string): boolean => /^\{[^{}]+\}$/.test(segment);

function walk(at: Branch, segments: readonly string[], index: number, headerOf: HeaderOf): Route | null {
	const segment = segments[index];
	if (segment === undefined) return firstFitting(at.ends, headerOf);
	const literal = at.literals.get(segment);
	const found = literal === undefined ? null : walk(literal, segments, index + 1, headerOf);
	if (found !== null || at.variable === null || segment === "") return found;
	return walk(at.variable, segments, index + 1, headerOf);
}

const byExactness = (a: Candidate, b: Candidate): number => exactness(b) - exactness(a);
const exactness = ({ host, headers }: Candidate): number => 2 * headers.length + (host === null ? 0 : 1);

function firstFitting(candidates: readonly Candidate[], headerOf: HeaderOf): Route | null {
	for (const { route, host, headers } of candidates) {
		if (host !== null && hostOf(headerOf("host")) !== host) continue;
		if (headers.every(([name, value]) => headerOf(name) === value)) return route;
	}
	return null;
}

/** Without the port, in lower case. */
const hostOf = (host: string | null): string | null => host?.toLowerCase().replace(/:\d+$/, "") ?? null;

/** The path of a request target: without query, and without scheme and authority in absolute form. */
export function pathOf(target: string): string {
	let from = 0;
	if (target.charCodeAt(0) !== 47) {
		const scheme = target.indexOf("://");
		if (scheme !== -1) {
			from = target.indexOf("/", scheme + 3);
			const query = target.indexOf("?", scheme + 3);
			if (from === -1 || (query !== -1 && query < from)) return "/";
		}
	}
	const query = target.indexOf("?", from);
	if (from === 0 && query === -1) return target;
	return target.slice(from, query === -1 ? undefined : query);
}

/** Every route to legacy, as the kill switch and the alarm want it; the version grows so that exchanges tell before from after. */
export function legacyOnly(plan: RoutePlan, reason: string): RoutePlan {
	return {
		...plan,
		version: plan.version + 1,
		routes: plan.routes.map((route) => ({ ...route, mode: { kind: "legacy" } })),
		...(plan.streams && { streams: plan.streams.map((route) => ({ ...route, mode: { kind: "legacy" } })) }),
		reason,
	};
}

export function carriesModern(plan: RoutePlan): boolean {
	return [...plan.routes, ...(plan.streams ?? [])].some(({ mode }) => mode.kind === "canary" || mode.kind === "modern");
}
