import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { HeaderLines, Recorded } from "../recording/recorded.ts";

export type Shape = {
	method?: string;
	target?: string;
	headers?: HeaderLines;
	body?: string | Buffer;
	status?: number;
	answerHeaders?: HeaderLines;
	answer?: string | Buffer;
	startedAt?: number;
	ms?: number;
};

export function recorded(shape: Shape = {}): Recorded {
	const { startedAt = 1_000, ms = 5 } = shape;
	return {
		startedAt,
		endedAt: startedAt + ms,
		route: null,
		request: {
			method: shape.method ?? "GET",
			scheme: "http",
			target: shape.target ?? "/",
			headers: shape.headers ?? [["Host", "bank.example"]],
			body: Buffer.from(shape.body ?? ""),
			state: "whole",
		},
		response: {
			status: shape.status ?? 200,
			headers: shape.answerHeaders ?? [["Content-Type", "text/plain"]],
			body: Buffer.from(shape.answer ?? ""),
			state: "whole",
		},
		error: null,
	};
}

export type Folder = { dir: string; file(name: string): string; end(): void };

export function createFolder(): Folder {
	const dir = mkdtempSync(join(tmpdir(), "phoenix-replay-"));
	return { dir, file: (name) => join(dir, name), end: () => rmSync(dir, { recursive: true, force: true }) };
}
