// The whole of what the page has of the desktop: a port to the core, and five native calls. Bundled as one CommonJS file, because a
// sandboxed page loads nothing else; nothing of Electron reaches the page.
import { contextBridge, ipcRenderer } from "electron";

const ask = (name: string, payload: unknown) => ipcRenderer.invoke(name, payload);

contextBridge.exposeInMainWorld("phoenix", {
	connect(): void {
		const { port1, port2 } = new MessageChannel();
		ipcRenderer.postMessage("connect", null, [port1]);
		window.postMessage("phoenix-port", location.origin, [port2]);
	},
	native: {
		pickFolder: () => ask("pickFolder", null),
		saveFile: (part: unknown) => ask("saveFile", part),
		openLink: (id: unknown) => ask("openLink", id),
		setTitle: (title: unknown) => ask("setTitle", title),
		onMenu(choose: (command: string, argument?: string) => void): void {
			ipcRenderer.on("menu", (_event, { command, argument }) => choose(command, argument));
		},
	},
});
