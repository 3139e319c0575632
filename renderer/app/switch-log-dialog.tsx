import { Button, Dialog } from "../ui/index.ts";
import { ask } from "./commands/index.ts";
import { useApp, useEngine } from "./context.tsx";

/** Legacy's database gets a write-ahead log, so that the rows of every transaction can be read from it. */
export function SwitchLogDialog({ onClose }: { onClose(): void }) {
	const app = useApp();
	const isHeld = useEngine((state) => state.snapshot?.migrations.some((one) => one.stage === "held") ?? false);
	const fault = useEngine((state) => state.snapshot?.alerts.find((one) => one.code === "DATABASE_WITHOUT_LOG"));
	const confirm = async () => {
		onClose();
		const done = await ask(app, (client) => client.system.switchLog({}));
		if (done === undefined) return;
		const said = done.before === "wal" ? "It keeps a write-ahead log already." : `The database has left ${done.before} mode; it stays so.`;
		app.screen.getState().say(said);
		if (isHeld) await ask(app, (client) => client.run.retry({}));
	};
	const which = fault?.data.file ?? "The database of legacy";
	const after = isHeld ? " The functions that are held for it go on at once." : "";
	return (
		<Dialog
			title="Switch the database to a write-ahead log?"
			lead={`${which} stays where it is and no row is touched; programs that have it open go on. Beside it stand two more files from now on, ending in -wal and -shm: whoever copies the database must copy them too. The way back is phoenix effects switch --back.${after}`}
			onClose={onClose}
			actions={
				<>
					<Button onClick={onClose}>Leave it</Button>
					<Button look="primary" onClick={() => void confirm()}>
						Switch it
					</Button>
				</>
			}
		/>
	);
}
