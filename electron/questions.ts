import type { MessageBoxOptions } from "electron";

type Question = MessageBoxOptions & { buttons: [string, ...string[]] };

/** What the desktop itself must ask; the first button is the default. */
export const restartQuestion = (reason: string): Question => ({
	type: "error",
	message: "The engine does not run. A gateway that is running keeps serving.",
	detail: reason,
	buttons: ["Start it again", "Quit"],
	defaultId: 0,
	cancelId: 1,
});

export function versionQuestion(own: string, { version, isShared }: { version: string; isShared: boolean }): Question {
	const told = `The engine that runs is version ${version}, this window is ${own}.`;
	const common = { type: "warning", message: "This window cannot talk to the engine that runs.", defaultId: 0 } as const;
	if (isShared)
		return { ...common, detail: `${told} It was started by somebody else, who must start it again.`, buttons: ["Quit"], cancelId: 0 };
	return {
		...common,
		detail: `${told} A restart is without loss: the gateway in front of your own system serves on meanwhile, and a run goes on where it was. The sample bank starts again with the engine.`,
		buttons: ["Restart the engine", "Quit and let it run"],
		cancelId: 1,
	};
}

export const plainKeyQuestion: Question = {
	type: "warning",
	message: "This computer has no secret store, so the model key cannot be protected.",
	detail:
		"Stored now, it could be read by whoever reads your files. Kept for this session only, it has to be entered again with the next start. With GNOME Keyring or KWallet running it is stored encrypted.",
	buttons: ["Keep it for this session only", "Store it unprotected"],
	defaultId: 0,
	cancelId: 0,
};
