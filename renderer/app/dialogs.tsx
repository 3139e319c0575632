import { lazy, Suspense, useState } from "react";
import { Button, Dialog, plural, shortName } from "../ui/index.ts";
import { bridge } from "./client.ts";
import { ask, commands } from "./commands/index.ts";
import { useApp, useCommand, useScreen } from "./context.tsx";
import styles from "./dialogs.module.css";
import { HistoryDialog } from "./history-dialog.tsx";
import { KeyTable } from "./key-table.tsx";
import { Palette } from "./palette.tsx";
import { ProblemsDialog } from "./problems-dialog.tsx";
import { SwitchLogDialog } from "./switch-log-dialog.tsx";

// Larger than a question: they come when they are first opened, and Monaco within the one.
const PlanSheet = lazy(() => import("../features/plan/index.ts").then((module) => ({ default: module.PlanSheet })));
const ComparisonsDialog = lazy(() => import("../features/runtime/index.ts").then((module) => ({ default: module.ComparisonsDialog })));
const RecordDialog = lazy(() => import("../features/runtime/index.ts").then((module) => ({ default: module.RecordDialog })));
const ReplayDialog = lazy(() => import("../features/runtime/index.ts").then((module) => ({ default: module.ReplayDialog })));
const ImportDialog = lazy(() => import("../features/runtime/index.ts").then((module) => ({ default: module.ImportDialog })));
const ExportDialog = lazy(() => import("../features/runtime/index.ts").then((module) => ({ default: module.ExportDialog })));
const AllowDialog = lazy(() => import("../features/run/index.ts").then((module) => ({ default: module.AllowDialog })));
const WaiveDialog = lazy(() => import("../features/run/index.ts").then((module) => ({ default: module.WaiveDialog })));
const Workbench = lazy(() => import("../features/workbench/index.ts").then((module) => ({ default: module.Workbench })));

/** The one dialog that is open, if any. */
export function Dialogs() {
	const dialog = useScreen((state) => state.dialog);
	const set = useScreen((state) => state.set);
	const close = () => set({ dialog: null });
	switch (dialog?.kind) {
		case undefined:
			return null;
		case "palette":
			return <Palette start={dialog.start} onClose={close} />;
		case "open-folder":
			return <OpenFolder hint={dialog.hint} onClose={close} />;
		case "isolate":
			return (
				<Suspense>
					<PlanSheet functions={dialog.functions} onClose={close} />
				</Suspense>
			);
		case "workbench":
			return (
				<Suspense>
					<Workbench name={dialog.function} at={dialog.at} onClose={close} />
				</Suspense>
			);
		case "cancel":
			return <CancelDialog name={dialog.function} onClose={close} />;
		case "waive":
			return (
				<Suspense>
					<WaiveDialog name={dialog.function} branch={dialog.branch} onClose={close} />
				</Suspense>
			);
		case "allow":
			return (
				<Suspense>
					<AllowDialog name={dialog.function} site={dialog.site} onClose={close} />
				</Suspense>
			);
		case "seal":
			return <SealDialog onClose={close} />;
		case "switch-log":
			return <SwitchLogDialog onClose={close} />;
		case "comparisons":
			return (
				<Suspense>
					<ComparisonsDialog onClose={close} />
				</Suspense>
			);
		case "record":
			return (
				<Suspense>
					<RecordDialog onClose={close} />
				</Suspense>
			);
		case "replay":
			return (
				<Suspense>
					<ReplayDialog onClose={close} />
				</Suspense>
			);
		case "import-recording":
			return (
				<Suspense>
					<ImportDialog onClose={close} />
				</Suspense>
			);
		case "export-recording":
			return (
				<Suspense>
					<ExportDialog onClose={close} />
				</Suspense>
			);
		case "keys":
			return <KeysDialog onClose={close} />;
		case "history":
			return <HistoryDialog onClose={close} />;
		case "problems":
			return <ProblemsDialog onClose={close} />;
	}
}

function OpenFolder({ hint, onClose }: { hint: string | null; onClose(): void }) {
	const open = useCommand("project.open");
	const [dir, setDir] = useState("");
	const native = bridge()?.native;
	const pick = () => void native?.pickFolder().then((picked) => picked !== null && setDir(picked));
	return (
		<Dialog title="Open a folder" lead="Phoenix reads the source and draws the map. It changes nothing there." onClose={onClose}>
			<form
				id="open-folder"
				className={styles.form}
				onSubmit={(event) => {
					event.preventDefault();
					if (dir.trim() === "") return;
					onClose();
					open.run(dir.trim());
				}}
			>
				{hint === null ? null : <p>A browser does not say where “{hint}” lies. Type its whole path.</p>}
				<label htmlFor="folder">Folder with the legacy source, on the machine of the core</label>
				<div className={styles.row}>
					<input
						id="folder"
						className={styles.input}
						value={dir}
						onChange={(event) => setDir(event.target.value)}
						placeholder="/srv/bank/src"
						autoComplete="off"
						spellCheck={false}
					/>
					{native === undefined ? null : <Button onClick={pick}>Choose…</Button>}
				</div>
				<div className={styles.actions}>
					<Button onClick={onClose}>Not now</Button>
					<Button look="primary" type="submit" disabled={dir.trim() === ""}>
						Open this folder
					</Button>
				</div>
			</form>
		</Dialog>
	);
}

function CancelDialog({ name, onClose }: { name: string | null; onClose(): void }) {
	const app = useApp();
	const what = name === null ? "the whole run" : shortName(name);
	const confirm = () => {
		onClose();
		void ask(app, (client) => client.run.cancel({ function: name ?? undefined }));
	};
	return (
		<Dialog
			title={`Cancel ${what}?`}
			lead="Its routes go back to legacy at once and its new services stop. The evidence stays in the journal."
			onClose={onClose}
			actions={
				<>
					<Button onClick={onClose}>Keep it running</Button>
					<Button look="danger" onClick={confirm}>
						Cancel {what}
					</Button>
				</>
			}
		/>
	);
}

function SealDialog({ onClose }: { onClose(): void }) {
	const app = useApp();
	const confirm = () => {
		onClose();
		void ask(app, (client) => client.run.seal({}));
	};
	return (
		<Dialog
			title="Stop legacy and write the time capsule?"
			lead="Legacy is stopped only when no route needs it. The capsule holds journal, blueprints, code and evidence with their hashes."
			onClose={onClose}
			actions={
				<>
					<Button onClick={onClose}>Not yet</Button>
					<Button look="primary" onClick={confirm}>
						Stop legacy and seal
					</Button>
				</>
			}
		/>
	);
}

function KeysDialog({ onClose }: { onClose(): void }) {
	const amount = commands.filter((command) => command.keys !== undefined).length;
	return (
		<Dialog
			title="Keyboard shortcuts"
			lead={`${plural(amount, "command")} have a key. Every command is in the palette, with its key or the reason why it is not possible now.`}
			onClose={onClose}
			wide
			actions={<Button onClick={onClose}>Close</Button>}
		>
			<KeyTable />
		</Dialog>
	);
}
