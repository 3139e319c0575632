import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { pathToFileURL } from "node:url";
import type { ServiceFiles } from "../../contract/blueprint.ts";

export type Answer = { status: number; contentType: string; body: string };
export type LoadedService = { handle(request: { method: string; target: string; headers: [string, string][]; body: string }): Answer };
type ServiceModule = {
	createService(outside: {
		database: DatabaseSync;
		now(): number;
		tokenHex(bytes: number): string;
		onFailure?(error: unknown): void;
	}): LoadedService;
};

/** Writes the files into a new folder of `under`, which `remove` takes away again. */
export function placeService(files: ServiceFiles, under = tmpdir()): { dir: string; remove(): void } {
	const dir = mkdtempSync(join(under, "phoenix-service-"));
	for (const [path, text] of Object.entries(files)) {
		mkdirSync(dirname(join(dir, path)), { recursive: true });
		writeFileSync(join(dir, path), text);
	}
	return { dir, remove: () => rmSync(dir, { recursive: true, force: true }) };
}

export async function importService(dir: string): Promise<ServiceModule> {
	return (await import(/* @vite-ignore */ pathToFileURL(join(dir, "service.ts")).href)) as ServiceModule;
}

/** What the strict TypeScript compiler says of the service; empty when it is content. */
export function compilerComplaints(dir: string): string {
	const root = join(import.meta.dirname, "../../..");
	const options = {
		compilerOptions: {
			target: "es2024",
			lib: ["es2024"],
			module: "nodenext",
			strict: true,
			noUncheckedIndexedAccess: true,
			noUnusedLocals: true,
			noImplicitReturns: true,
			erasableSyntaxOnly: true,
			verbatimModuleSyntax: true,
			allowImportingTsExtensions: true,
			resolveJsonModule: true,
			noEmit: true,
			skipLibCheck: true,
			types: ["node"],
			typeRoots: [join(root, "node_modules/@types")],
		},
		include: ["**/*.ts"],
	};
	writeFileSync(join(dir, "tsconfig.json"), JSON.stringify(options));
	const run = spawnSync(process.execPath, [join(root, "node_modules/typescript/bin/tsc"), "-p", dir], { encoding: "utf8" });
	return run.stdout + run.stderr;
}
