import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Protocol, protocol } from "electron";
import { screenHeaders } from "../core/contract/content-security.ts";
import { cacheControl, manifestName, screenFile, screenManifestShape } from "../core/contract/screen-files.ts";

export const screenUrl = "app://ui/";

/** Of the screen, as the address of a page or as an origin. */
export function isScreen(url: string): boolean {
	if (!URL.canParse(url)) return false;
	const { protocol: scheme, host } = new URL(url);
	return scheme === "app:" && host === "ui";
}

/** Before Electron is ready, or the scheme has no origin. It bypasses no content security policy. */
export function registerScreenScheme(): void {
	protocol.registerSchemesAsPrivileged([
		{ scheme: "app", privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
	]);
}

/** Serves what the manifest of the build names, as it was built, and nothing else. Throws when there is no build. */
export function serveScreen(target: Protocol, dir: string): void {
	const manifest = screenManifestShape.parse(JSON.parse(readFileSync(join(dir, manifestName), "utf8")));
	target.handle("app", async ({ url, method }) => {
		const named = method === "GET" && isScreen(url) ? screenFile(manifest, new URL(url).pathname) : null;
		const content = named && (await readFile(join(dir, named.file)).catch(() => null));
		if (named === null || content === null || createHash("sha256").update(content).digest("hex") !== named.sha256)
			return new Response("No such file.", { status: 404, headers: screenHeaders });
		const headers = { ...screenHeaders, "Content-Type": named.type, "Cache-Control": cacheControl(named.file) };
		return new Response(new Uint8Array(content), { headers });
	});
}
