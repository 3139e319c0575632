import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

/** Whether a program of that name is found in the path. */
export function isInPath(tool: string): boolean {
	const names = process.platform === "win32" ? [`${tool}.exe`, `${tool}.cmd`] : [tool];
	return (process.env.PATH ?? "").split(delimiter).some((folder) =>
		names.some((name) => {
			try {
				accessSync(join(folder, name), constants.X_OK);
				return true;
			} catch {
				return false;
			}
		}),
	);
}
