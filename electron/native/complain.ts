import { app, dialog } from "electron";

export const complain = (title: string, error: unknown): void => dialog.showErrorBox(title, sentence(error));

export function fail(error: unknown): void {
	complain("Phoenix Engine cannot go on", error);
	app.exit(1);
}

const sentence = (error: unknown) => (error instanceof Error ? error.message : String(error));
