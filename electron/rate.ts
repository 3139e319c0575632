/** Says yes `perSecond` times a second at most; what is not used is kept for one second. */
export function createRate(perSecond: number, now: () => number = () => performance.now()): () => boolean {
	let left = perSecond;
	let at = now();
	return () => {
		const passed = now() - at;
		at += passed;
		left = Math.min(perSecond, left + (passed / 1_000) * perSecond);
		if (left < 1) return false;
		left--;
		return true;
	};
}
