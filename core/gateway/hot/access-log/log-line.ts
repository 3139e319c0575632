import type { RoutePlan } from "../../../contract/traffic.ts";
import type { ExchangeSummary } from "../capture/exchange-codec.ts";
import { headerPairs } from "../http1/header-pairs.ts";
import { pathOf } from "../routing/plan-table.ts";
import type { LineFormat } from "../supervision/observe-request.ts";

/** Credentials; no order can have them written down. */
export const unloggable = new Set(["authorization", "proxy-authorization", "cookie", "set-cookie"]);

/** Longer ones are cut, with a mark. */
const textLimit = 2_048;
const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/**
 * One line per exchange. `combined` is Apache's combined format with these fields behind it: route, arm, plan version, decision, seconds.
 * `names`: headers of the request that are to be shown, in lower case.
 */
export function logLine(exchange: ExchangeSummary, format: LineFormat, path: string, names: readonly string[]): string {
	const headers = names.length === 0 ? {} : headersOf(exchange.requestHead, names);
	const { method, client, status, route, arm, planVersion, decision, startedAt, endedAt, error, mirrored } = exchange;
	const seconds = (endedAt - startedAt) / 1_000;
	if (format === "json") {
		const line = {
			...{ time: new Date(startedAt).toISOString(), seq: exchange.seq, client, method, path, status },
			...{ requestBytes: exchange.requestSize, answerBytes: exchange.answerSize, seconds: Number(seconds.toFixed(6)) },
			...{ route, arm, planVersion, decision, mirrored, error },
			...(names.length === 0 ? {} : { headers }),
		};
		return `${JSON.stringify(line)}\n`;
	}
	const { referer, "user-agent": agent, ...others } = headers;
	const line = [
		`${client || "-"} - - [${clfTime(startedAt)}] "${quoted(`${method} ${path} ${versionOf(exchange.requestHead)}`)}"`,
		`${status || "-"} ${exchange.answerSize || "-"} "${quoted(referer ?? "-")}" "${quoted(agent ?? "-")}"`,
		`"${quoted(route ?? "-")}" ${arm} ${planVersion} "${decision}" ${seconds.toFixed(6)}`,
		...Object.entries(others).map(([name, value]) => `${name}="${quoted(value)}"`),
	];
	return `${line.join(" ")}\n`;
}

/**
 * The path to show, without what a client's data may be in: of a route with variables the route's own, else the path as it came; of a query
 * the names alone.
 */
export function createPathMask(plan: RoutePlan): (exchange: { route: string | null; target: string }) => string {
	const templates = new Map(plan.routes.flatMap(({ id, path }) => (path.includes("{") ? [[id, path] as const] : [])));
	return ({ route, target }) => {
		const path = (route === null ? undefined : templates.get(route)) ?? pathOf(target);
		const query = target.indexOf("?");
		return cut(query === -1 ? path : `${path}?${maskQuery(target.slice(query + 1))}`);
	};
}

/** What stands alone may be a value too. */
function maskQuery(query: string): string {
	return query
		.split("&", 100)
		.map((pair) => (pair.includes("=") ? `${pair.slice(0, pair.indexOf("="))}=*` : "*"))
		.join("&");
}

const cut = (text: string): string => (text.length > textLimit ? `${text.slice(0, textLimit)}...` : text);

/** Nothing that a client sends can end a field or a line, or steer a terminal. */
function quoted(text: string): string {
	return text.replace(/[^ !#-[\]-~]/g, (character) => {
		if (character === '"' || character === "\\") return `\\${character}`;
		return `\\x${(character.charCodeAt(0) & 0xff).toString(16).padStart(2, "0")}`;
	});
}

function headersOf(head: Buffer, names: readonly string[]): Record<string, string> {
	const found: Record<string, string> = {};
	for (const [name, value] of headerPairs(head)) {
		const lower = name.toLowerCase();
		if (!names.includes(lower)) continue;
		found[lower] = cut(found[lower] === undefined ? value : `${found[lower]}, ${value}`);
	}
	return found;
}

/** The last word of the request line. */
function versionOf(head: Buffer): string {
	const end = head.indexOf(13);
	return end === -1 ? "HTTP/1.1" : head.toString("latin1", end - 8, end);
}

/** `10/Oct/2026:13:55:36 +0000` */
function clfTime(at: number): string {
	const iso = new Date(at).toISOString();
	return `${iso.slice(8, 10)}/${months[Number(iso.slice(5, 7)) - 1]}/${iso.slice(0, 4)}:${iso.slice(11, 19)} +0000`;
}
