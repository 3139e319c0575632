// Loaded before the bundle, in a plain Node: `electron` is the small one of this folder. Tells on stdout what the desktop did,
// quits as soon as a core is shown.
import { registerHooks } from "node:module";
import { engineRoot, until } from "./state-dir.ts";

registerHooks({
	resolve: (name, context, next) =>
		name === "electron" ? next(new URL("./fake-electron.ts", import.meta.url).href, context) : next(name, context),
});
const { app, electron } = await import("./fake-electron.ts");
electron.appPath = engineRoot;
electron.userData = process.env.PHOENIX_STATE ?? "";
void quitOnceShown();

async function quitOnceShown(): Promise<void> {
	await until(() => electron.windows[0]?.loaded.length === 1);
	const { loaded, options } = electron.windows[0] ?? { loaded: [], options: {} };
	app.quit();
	await until(() => electron.hasQuit);
	process.stdout.write(JSON.stringify({ loaded, options, sandboxed: electron.sandboxed }));
	process.exit(0);
}
