import type { Job } from "./job.ts";

/**
 * Makes the shadow anew under services that are compared: they are stopped, and started again on the new one. A shadow that is lost
 * meanwhile is made anew once more; whoever asks while that goes on waits for the same end. Never rejects: what cannot be started is
 * told to `onTrouble`, function by function.
 */
export function createRenewal(deps: {
	jobs(): Job[];
	stop(job: Job): Promise<void>;
	start(job: Job): Promise<void>;
	/** Resolves when there is a shadow. */
	ready(): Promise<void>;
	onTrouble(job: Job, error: unknown): void;
}): () => Promise<void> {
	let under: Promise<void> | null = null;
	let again = false;
	const affected = new Set<Job>();

	async function renew(): Promise<void> {
		do {
			again = false;
			for (const job of deps.jobs()) if (job.shadow !== null) affected.add(job);
			await Promise.all([...affected].map((job) => job.line(() => deps.stop(job))));
			try {
				await deps.ready();
			} catch (error) {
				for (const job of affected) deps.onTrouble(job, error);
				break;
			}
			await Promise.all([...affected].map((job) => job.line(() => startAgain(job))));
		} while (again || affected.size > 0);
		affected.clear();
	}

	async function startAgain(job: Job): Promise<void> {
		try {
			if (isWanted(job)) await deps.start(job);
			affected.delete(job);
		} catch (error) {
			if (again) return;
			affected.delete(job);
			deps.onTrouble(job, error);
		}
	}

	return () => {
		again = true;
		under ??= renew().finally(() => {
			under = null;
		});
		return under;
	};
}

/** It may have been cancelled, or promoted, while the copy was made. */
const isWanted = ({ state }: Job): boolean => !["cancelled", "refused", "promoted"].includes(state.stage);
