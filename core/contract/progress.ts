/** `Progress.sort` of what a screen tells from other work, to stop it by its own verb. */
export const recordingSort = "Recording traffic";
export const replaySort = "Replaying a recording";

/** Work of the engine that takes longer than a glance. Everything that takes over a second stands in `Snapshot.progress`. */
export type Progress = {
	id: string;
	/** As a phrase: `Reading banca`, `Searching a repair for transfer`. */
	what: string;
	done: number;
	/** Null while nobody can know. */
	total: number | null;
	/** What is counted: `files`, `pages`, `candidates`. */
	unit: string;
	startedAt: number;
	/** Works of the same sort may run side by side and are then shown as one: `Searching repairs`. */
	sort?: string;
	/** It often ends before `total`, as soon as something is found: nobody can know how long it takes. */
	isBound?: boolean;
	cancellable: boolean;
};
