#!/usr/bin/env node
// The command `phoenix`: from any folder, with any Node from 18 on. It adds nothing of its own to the output.
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { install, root, say, underNeededNode } from "./runtime.mjs";

try {
	install();
	if (await underNeededNode(import.meta.url)) await import(pathToFileURL(join(root, "core/cli.ts")).href);
} catch (error) {
	say(error instanceof Error ? (error.stack ?? error.message) : String(error));
	process.exitCode = 1;
}
