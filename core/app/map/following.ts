import { type FollowedMap, followMap } from "../../mapper/index.ts";
import { type Project, projectOf } from "../project.ts";
import { treesIn } from "./trees.ts";

/**
 * Keeps the open project's map up to date while its files change: `onProject` gets it, and again
 * whenever it was made anew, with what changed. One project
 * at a time; the former is let go. A map that could not be made anew stays, and `onFailure` says why.
 */
export function createFollowing(dir: string, onProject: (project: Project) => void, onFailure: (error: unknown) => void) {
	let followed: FollowedMap | null = null;
	let ended = false;
	return {
		begin(project: Project): void {
			void followed?.close();
			onProject(project);
			if (ended) return;
			const { mapped, sample } = project;
			let count = 0;
			followed = followMap(
				mapped,
				{ cacheDir: treesIn(dir) },
				(next, { changed, added, removed, ms }) => {
					if (ended) return;
					const update = { count: ++count, files: changed.length + added.length + removed.length, ms };
					onProject({ ...projectOf(next, sample), update });
				},
				onFailure,
			);
		},
		async end(): Promise<void> {
			ended = true;
			await followed?.close();
		},
	};
}
