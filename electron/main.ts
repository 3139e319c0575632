// The desktop: one sandboxed window over one core. The core runs on a Node of its own and outlives the window; the gateway and
// the services outlive both. This page introduces the parts to each other and to Electron; nothing of the product is decided here.
import { join } from "node:path";
import { app, globalShortcut, Menu, safeStorage } from "electron";
import { guardClosing } from "./closing.ts";
import { type CoreHost, createCoreHost } from "./core-host.ts";
import { openLine } from "./core-line.ts";
import { linkScheme } from "./deep-link.ts";
import { followCore } from "./follow-core.ts";
import { createGate } from "./ipc.ts";
import { createKeyVault } from "./key-vault.ts";
import { createKillSwitch } from "./kill-switch.ts";
import { killSwitchKeys, menuTemplate } from "./menu.ts";
import { allowNativeCalls } from "./native/calls.ts";
import { complain, fail } from "./native/complain.ts";
import { askButton } from "./native/dialogs.ts";
import { notify } from "./native/notify.ts";
import { openTray } from "./native/tray.ts";
import { createNavigator } from "./navigator.ts";
import { forward } from "./page-line.ts";
import { pressKillSwitch } from "./press-kill-switch.ts";
import { plainKeyQuestion, restartQuestion, versionQuestion } from "./questions.ts";
import { registerScreenScheme } from "./screen-protocol.ts";
import { onSessionEnd } from "./session-end.ts";
import { readArguments, readSettings } from "./settings.ts";
import { readTraffic } from "./traffic.ts";
import { keepUpdated } from "./updater.ts";
import { openScreen } from "./window.ts";
import { readWindowState, rememberWindowState } from "./window-state.ts";

/** Whoever may steer a packaged page from outside could press its buttons. */
const refusedSwitches = ["remote-debugging-port", "remote-debugging-pipe", "remote-debugging-address", "disable-web-security"];

if (!app.requestSingleInstanceLock()) app.quit();
else if (app.isPackaged && refusedSwitches.some((name) => app.commandLine.hasSwitch(name))) app.exit(2);
else {
	app.enableSandbox();
	registerScreenScheme();
	app.whenReady().then(run).catch(fail);
}

function run(): void {
	const data = app.getPath("userData");
	const root = app.isPackaged ? join(process.resourcesPath, "engine") : app.getAppPath();
	const settings = readSettings({ argv: process.argv, env: process.env, root, dataDir: data });
	const { stateDir, dev } = settings;
	const version = app.getVersion();

	const windowFile = join(data, "window.json");
	const screen = openScreen({
		dev,
		preload: join(import.meta.dirname, "preload.cjs"),
		screenDir: join(app.getAppPath(), "dist/renderer"),
		state: readWindowState(windowFile),
	});
	const { window } = screen;
	rememberWindowState(window, windowFile);

	const killSwitch = createKillSwitch(settings);
	const onKillSwitch = () => pressKillSwitch(killSwitch);
	const isGlobal = globalShortcut.register(killSwitchKeys, onKillSwitch);
	app.on("will-quit", () => globalShortcut.unregisterAll());
	const onCommand = (command: string) => screen.tell("menu", { command });
	Menu.setApplicationMenu(Menu.buildFromTemplate(menuTemplate({ dev, isGlobal, onKillSwitch, onCommand })));
	const tray = openTray({ onShow: screen.focus, onKillSwitch, onQuit: () => app.quit() });

	const vault = createKeyVault({
		file: join(data, "model-key.json"),
		storage: safeStorage,
		acceptPlain: async () => (await askButton(window, plainKeyQuestion)) === plainKeyQuestion.buttons[1],
	});
	const host: CoreHost = createCoreHost({
		settings,
		version,
		async onServing(client) {
			const key = await vault.load();
			if (key !== null) await client.putKey({ key });
			await followCore(client, { state: ({ words }) => tray.tell(words), key: vault.take });
			tray.tell("the engine does not answer");
		},
		async onOtherVersion(other) {
			const answer = await askButton(window, versionQuestion(version, other));
			if (answer === "Restart the engine") return host.renew();
			host.leave();
			app.exit(0);
		},
		async onGivenUp(reason) {
			const answer = await askButton(window, restartQuestion(reason));
			if (answer === "Start it again") host.start();
			else app.quit();
		},
		onFault: (error) => complain("Phoenix Engine goes on", error),
	});
	guardClosing(window, { host, killSwitch, stateDir });
	onSessionEnd(window, { host, killSwitch, readTraffic: () => readTraffic(stateDir), exit: () => app.exit(0) });

	const navigator = createNavigator((to) => screen.tell("menu", to));
	const gate = createGate(window.webContents);
	allowNativeCalls(gate, window);
	gate.onPort("connect", 20, (port) => {
		void forward(port, async () => (await openLine(host.socket() ?? "", "page")).line);
		navigator.ready();
	});
	const resources = app.isPackaged ? process.resourcesPath : undefined;
	void keepUpdated({ resources, stateDir, tell: notify, onQuit: (decide) => app.on("will-quit", decide) });
	if (app.isPackaged) app.setAsDefaultProtocolClient(linkScheme);
	navigator.go(settings.link);
	app.on("second-instance", (_event, argv) => {
		screen.focus();
		navigator.go(readArguments(argv).link);
	});
	app.on("open-url", (_event, url) => navigator.go(readArguments(["", url]).link));
	host.start();
}
