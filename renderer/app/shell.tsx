import { Cpu, FileDiff, FlaskConical, Keyboard, Map as MapIcon, Route, Settings } from "lucide-react";
import { lazy, Suspense } from "react";
import type { CommandId } from "../../core/contract/commands.ts";
import { Inspector } from "../features/inspector/index.ts";
import { MapPlace, ScanSky } from "../features/map/index.ts";
import { StageStrip } from "../features/stage-strip/index.ts";
import { Welcome } from "../features/welcome/index.ts";
import type { Connection } from "../state/index.ts";
import { DialogCorner, Empty } from "../ui/index.ts";
import { Banners, ErrorCards } from "./banners.tsx";
import { CoachLine } from "./coach-line.tsx";
import { CommandButton } from "./command-button.tsx";
import { useCommand, useEngine, useScreen, useSettings } from "./context.tsx";
import { Dialogs } from "./dialogs.tsx";
import { Header } from "./header.tsx";
import { KillSwitch } from "./kill-switch.tsx";
import styles from "./shell.module.css";
import { useStageFocus } from "./stage-focus.ts";
import { StatusBar } from "./status-bar.tsx";
import { Toasts } from "./toasts.tsx";

// The map is home and comes with the first page; the other places, and Monaco within them, when they are first opened.
const RunPlace = lazy(() => import("../features/run/index.ts").then((module) => ({ default: module.RunPlace })));
const PatchesPlace = lazy(() => import("../features/patches/index.ts").then((module) => ({ default: module.PatchesPlace })));
const RuntimePlace = lazy(() => import("../features/runtime/index.ts").then((module) => ({ default: module.RuntimePlace })));
const EvidencePlace = lazy(() => import("../features/evidence/index.ts").then((module) => ({ default: module.EvidencePlace })));
const OpenMenu = lazy(() => import("./open-menu.tsx").then((module) => ({ default: module.OpenMenu })));
const Stage = lazy(() => import("../features/stage/index.ts").then((module) => ({ default: module.Stage })));
const SettingsPlace = lazy(() => import("../features/settings/index.ts").then((module) => ({ default: module.SettingsPlace })));

export function Shell() {
	const connection = useEngine((state) => state.connection);
	const known = useEngine((state) => state.snapshot !== null);
	const hasProject = useEngine((state) => state.snapshot?.project != null);
	const hasMenu = useScreen((state) => state.menu !== null);
	const isStaged = useScreen((state) => state.stage);
	useStageFocus();
	const isSettings = useScreen((state) => state.place === "settings");
	return (
		<DialogCorner value={<KillSwitch covering />}>
			<div className={`${styles.shell} ${hasProject ? "" : styles.alone} ${isStaged ? styles.beneath : ""}`} inert={isStaged}>
				<Header />
				{hasProject ? (
					<div className={styles.strip}>
						<Banners />
						<StageStrip />
					</div>
				) : null}
				{hasProject ? <Rail /> : null}
				<main className={styles.main}>
					{hasProject ? null : <Banners />}
					{isSettings ? null : <ScanSky />}
					{hasProject || isSettings ? <Place /> : known ? <Welcome /> : <Waiting connection={connection} />}
				</main>
				<StatusBar />
				<ErrorCards />
				<Toasts />
				<Dialogs />
				{hasMenu ? (
					<Suspense>
						<OpenMenu />
					</Suspense>
				) : null}
			</div>
			{isStaged ? (
				<Suspense>
					<Stage />
				</Suspense>
			) : null}
		</DialogCorner>
	);
}

const waiting: Record<Connection, readonly [title: string, words: string]> = {
	connecting: ["Connecting to the core", "One moment."],
	open: ["Connected", "Waiting for the first state."],
	lost: ["No core answers yet", "This window keeps trying. A gateway that is running keeps serving."],
	refused: ["The core does not know this window", "Open Phoenix by the address that it printed when it started."],
};

function Waiting({ connection }: { connection: Connection }) {
	const [title, words] = waiting[connection];
	return (
		<Empty icon={<Route size={36} aria-hidden="true" />} title={title}>
			<p>{words}</p>
			<h1 className="sr-only">Phoenix Engine</h1>
		</Empty>
	);
}

function Place() {
	const place = useScreen((state) => state.place);
	// Times are written when they are drawn, so another zone draws everything again.
	const zone = useSettings((state) => state.timeZone);
	const wait = <Empty icon={<Route size={28} aria-hidden="true" />} title="One moment" />;
	switch (place) {
		case "map":
			return (
				<div className={styles.map}>
					<h1 className="sr-only">Map</h1>
					<CoachLine />
					<MapPlace key={zone} inspector={<Inspector />} />
				</div>
			);
		case "run":
			return (
				<Suspense fallback={wait}>
					<RunPlace key={zone} />
				</Suspense>
			);
		case "patches":
			return (
				<Suspense fallback={wait}>
					<PatchesPlace key={zone} />
				</Suspense>
			);
		case "runtime":
			return (
				<Suspense fallback={wait}>
					<RuntimePlace key={zone} />
				</Suspense>
			);
		case "evidence":
			return (
				<Suspense fallback={wait}>
					<EvidencePlace key={zone} />
				</Suspense>
			);
		case "settings":
			return (
				<Suspense fallback={wait}>
					<SettingsPlace />
				</Suspense>
			);
	}
}

function Rail() {
	const waiting = useEngine((state) => state.snapshot?.patches.filter((patch) => patch.state === "proposed").length ?? 0);
	const open = useEngine((state) => state.snapshot?.groups.filter((group) => group.state === "open").length ?? 0);
	return (
		<nav className={styles.rail} aria-label="Places">
			<RailButton id="go.map" place="map" icon={<MapIcon size={20} aria-hidden="true" />} />
			<RailButton id="go.run" place="run" icon={<Route size={20} aria-hidden="true" />} mark={open} markWords="open mismatch groups" />
			<RailButton
				id="go.patches"
				place="patches"
				icon={<FileDiff size={20} aria-hidden="true" />}
				mark={waiting}
				markWords="patches to review"
			/>
			<RailButton id="go.runtime" place="runtime" icon={<Cpu size={20} aria-hidden="true" />} />
			<RailButton id="go.evidence" place="evidence" icon={<FlaskConical size={20} aria-hidden="true" />} />
			<div className={styles.spring} />
			<CommandButton id="window.keys" look="quiet" wide iconOnly icon={<Keyboard size={18} aria-hidden="true" />} />
			<RailButton id="go.settings" place="settings" icon={<Settings size={20} aria-hidden="true" />} />
		</nav>
	);
}

function RailButton({
	id,
	place,
	icon,
	mark = 0,
	markWords = "",
}: {
	id: CommandId;
	place: string;
	icon: React.ReactNode;
	mark?: number;
	markWords?: string;
}) {
	const { title, keys, run } = useCommand(id);
	const here = useScreen((state) => state.place) === place;
	return (
		<button
			type="button"
			className={styles.railButton}
			aria-current={here ? "page" : undefined}
			title={keys === undefined ? title : `${title} (${keys})`}
			onClick={() => run()}
		>
			{icon}
			{title}
			{mark > 0 ? (
				<span className={styles.mark}>
					{mark}
					<span className="sr-only"> {markWords}</span>
				</span>
			) : null}
		</button>
	);
}
