import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { readAddress, startAddress } from "./app/address.ts";
import { AppProvider } from "./app/context.tsx";
import { startFeed } from "./app/feed.ts";
import { startKeymap } from "./app/keymap.ts";
import { startNative } from "./app/native.ts";
import { Shell } from "./app/shell.tsx";
import { startTheme } from "./app/theme.ts";
import { createEngineStore, createProjectStore, createScreenStore, createSettingsStore, createUndoStore } from "./state/index.ts";
import "./ui/fonts.css";
import "./ui/tokens.css";
import "./ui/base.css";

const engine = createEngineStore();
const project = createProjectStore();
const screen = createScreenStore(readAddress(location.hash) ?? {});
const undo = createUndoStore();
const settings = createSettingsStore(storage());
const feed = startFeed({ engine, project, screen });
const context = { client: feed.client, retry: feed.retry, engine, project, screen, undo, settings };
startTheme(settings);
startAddress(context);
startKeymap(context);
startNative(context);

const root = document.getElementById("root");
if (root === null) throw new Error("The page has no root");
createRoot(root).render(
	<StrictMode>
		<AppProvider context={context}>
			<Shell />
		</AppProvider>
	</StrictMode>,
);

/** Where a window has none, or may not use it, settings last as long as the window. */
function storage(): Storage | null {
	try {
		return localStorage;
	} catch {
		return null;
	}
}
