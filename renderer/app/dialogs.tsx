import { useState } from "react";
import { Button, Dialog, Keys, plural, shortName } from "../ui/index.ts";
import { bridge } from "./client.ts";
import { ask, commands } from "./commands/index.ts";
import { useApp, useCommand, useScreen } from "./context.tsx";
import styles from "./dialogs.module.css";
import { HistoryDialog } from "./history-dialog.tsx";
import { IsolateDialog } from "./isolate-dialog.tsx";
import { Palette } from "./palette.tsx";

/** The one dialog that is open, if any. */
export function Dialogs() {
	const dialog = useScreen((state) => state.dialog);
	const set = useScreen((state) => state.set);
	const close = () => set({ dialog: null });
	switch (dialog?.kind) {
		case undefined:
			return null;
		case "palette":
			return <Palette onClose={close} />;
		case "open-folder":
			return <OpenFolder onClose={close} />;
		case "isolate":
			return <IsolateDialog name={dialog.function} onClose={close} />;
		case "cancel":
			return <CancelDialog name={dialog.function} onClose={close} />;
		case "seal":
			return <SealDialog onClose={close} />;
		case "keys":
			return <KeysDialog onClose={close} />;
		case "history":
			return <HistoryDialog onClose={close} />;
	}
}

function OpenFolder({ onClose }: { onClose(): void }) {
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
	const withKeys = commands.filter((command) => command.keys !== undefined);
	const sections = [...new Set(withKeys.map((command) => command.section))];
	return (
		<Dialog
			title="Keyboard shortcuts"
			lead={`${plural(withKeys.length, "action")} have a key; every one is in the palette.`}
			onClose={onClose}
			wide
			actions={<Button onClick={onClose}>Close</Button>}
		>
			<div className={styles.columns}>
				{sections.map((section) => (
					<section key={section} className={styles.keys}>
						<h3>{section}</h3>
						<ul>
							{withKeys
								.filter((command) => command.section === section)
								.map((command) => (
									<li key={command.id}>
										{command.title.replace("…", "")}
										<Keys of={command.keys} />
									</li>
								))}
						</ul>
					</section>
				))}
			</div>
		</Dialog>
	);
}
