import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { placeOf, startAddress } from "./app/address.ts";
import { AppProvider } from "./app/context.tsx";
import { startFeed } from "./app/feed.ts";
import { startKeymap } from "./app/keymap.ts";
import { Shell } from "./app/shell.tsx";
import { rememberedTheme, startTheme } from "./app/theme.ts";
import { createEngineStore, createProjectStore, createScreenStore } from "./state/index.ts";
import "./ui/tokens.css";
import "./ui/base.css";

const engine = createEngineStore();
const project = createProjectStore();
const screen = createScreenStore({ place: placeOf(location.hash), theme: rememberedTheme() });
const feed = startFeed({ engine, project, screen });
const context = { client: feed.client, retry: feed.retry, engine, project, screen };
startTheme(screen);
startAddress(screen);
startKeymap(context);

const root = document.getElementById("root");
if (root === null) throw new Error("The page has no root");
createRoot(root).render(
	<StrictMode>
		<AppProvider context={context}>
			<Shell />
		</AppProvider>
	</StrictMode>,
);
