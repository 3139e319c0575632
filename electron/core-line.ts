import { connect } from "node:net";
import type { Hello, Welcome } from "../core/contract/host.ts";
import { greet, type Line } from "../core/contract/line.ts";

const answerLimitMs = 3_000;

/** A line to the core behind this socket. Rejects when none answers in time. */
export async function openLine(path: string, whose: Hello["line"]): Promise<{ welcome: Welcome; line: Line }> {
	const socket = connect(path);
	const late = setTimeout(() => socket.destroy(), answerLimitMs);
	try {
		return await greet(socket, whose);
	} finally {
		clearTimeout(late);
	}
}
