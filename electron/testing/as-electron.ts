// Loaded before the bundle, in a plain Node: `electron` is the small one of this folder. Tells on stdout what the desktop did,
// quits as soon as a core serves.
import { registerHooks } from "node:module";
import { createApp, until } from "./state-dir.ts";

registerHooks({
	resolve: (name, context, next) =>
		name === "electron" ? next(new URL("./fake-electron.ts", import.meta.url).href, context) : next(name, context),
});
const { app, electron } = await import("./fake-electron.ts");
electron.userData = process.env.PHOENIX_STATE ?? "";
electron.appPath = createApp(electron.userData);
void quitOnceServing();

async function quitOnceServing(): Promise<void> {
	await until(() => electron.tray.tip.includes("all to legacy"));
	const { loaded, options } = electron.windows[0] ?? { loaded: [], options: {} };
	app.quit();
	await until(() => electron.hasQuit);
	process.stdout.write(JSON.stringify({ loaded, options, sandboxed: electron.sandboxed, schemes: electron.schemes }));
	process.exit(0);
}
