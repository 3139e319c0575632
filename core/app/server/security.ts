import { timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";

export const cookieName = "phoenix";

/** A page of another site can make a browser connect here, but it cannot forge these two headers. */
export function isOwnOrigin(request: IncomingMessage, port: number): boolean {
	const hosts = [`127.0.0.1:${port}`, `localhost:${port}`, `[::1]:${port}`];
	const { host, origin } = request.headers;
	if (host === undefined || !hosts.includes(host)) return false;
	return origin === undefined || hosts.some((own) => origin === `http://${own}`);
}

/** By the cookie that a browser got for the token, or by the token itself (automation). */
export function isKnown(request: IncomingMessage, secrets: { cookie: string; token: string }): boolean {
	const cookies = (request.headers.cookie ?? "").split(/;\s*/);
	const shown = cookies.find((cookie) => cookie.startsWith(`${cookieName}=`))?.slice(cookieName.length + 1);
	const bearer = /^Bearer (\S+)$/.exec(request.headers.authorization ?? "")?.[1];
	return isSame(shown ?? "", secrets.cookie) || isSame(bearer ?? "", secrets.token);
}

export function isSame(a: string, b: string): boolean {
	const [left, right] = [Buffer.from(a), Buffer.from(b)];
	return left.length === right.length && timingSafeEqual(left, right);
}
