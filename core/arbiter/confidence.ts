/**
 * An upper bound of a mismatch rate that holds at every look, however often and whenever one looks.
 *
 * With k mismatches among n requests, the mixture of all rates by a Beta(a, b) prior against one rate p,
 *
 *     M_n(p) = B(a + k, b + n - k) / (B(a, b) p^k (1 - p)^(n - k)),
 *
 * is a martingale with mean 1 if p is the true rate, so by Ville's inequality it ever reaches 1/alpha with
 * probability at most alpha. The bound is the largest p with M_n(p) < 1/alpha
 * (Robbins 1970, "Statistical methods related to the law of the iterated logarithm"; mixture form after Ville 1939).
 *
 * a and b are fixed before any data. a = 0.1, b = 1 puts weight on small rates, where migrations end: 299 clean requests
 * give 1.2 % (the exact test for a single look gives 1.0 %, a uniform prior 2.9 %), 25 give 12.6 %, 1,000 give 0.37 %.
 */
const prior = { a: 0.1, b: 1 };

/** The same in words, for whoever has to sign it. */
export const method = {
	name: "Sequential bound by a Beta mixture",
	formula: "M(p) = B(a + k, b + n - k) / (B(a, b) p^k (1 - p)^(n - k)); the bound is the largest p with M(p) < 1 / alpha",
	words:
		"Of n compared requests, k differed or failed. For every mismatch rate p the mixture M(p) weighs how well the data fit all rates together against p alone. At the true rate it ever reaches 1 / alpha with probability at most alpha (Ville's inequality), so a rate that has reached it is ruled out, however often one looked. The bound is the largest rate that is not ruled out.",
	source: "Ville 1939; Robbins 1970, Statistical methods related to the law of the iterated logarithm; core/arbiter/confidence.ts",
	prior,
};

export type Counts = { n: number; k: number; alpha: number };

/** A share between 0 and 1; 1 without evidence. `n` requests, `k` of them mismatches, error probability `alpha`. */
export function upperBound({ n, k, alpha }: Counts): number {
	if (n === 0 || k >= n) return 1;
	const mixture = logMixture(n, k);
	const limit = -Math.log(alpha);
	// Without mismatches M(p) = mixture / (1 - p)^n, which is solved for p.
	if (k === 0) return -Math.expm1((mixture - limit) / n);
	let low = k / n;
	let high = 1;
	// M grows from k/n to 1; sixty halvings end below the spacing of doubles that matter here.
	for (let step = 0; step < 60 && high - low > 1e-12; step++) {
		const middle = (low + high) / 2;
		if (mixture - logLikelihood(n, k, middle) < limit) low = middle;
		else high = middle;
	}
	return high;
}

/** How many more clean requests bring the bound to `limit`; null if no number below a billion does. */
export function cleanNeeded({ n, k, alpha, limit }: Counts & { limit: number }): number | null {
	const isEnough = (more: number): boolean => isBounded({ n: n + more, k, alpha, limit });
	if (isEnough(0)) return 0;
	let high = 1;
	while (!isEnough(high)) {
		high *= 2;
		if (high > 1e9) return null;
	}
	let low = Math.floor(high / 2);
	while (high - low > 1) {
		const middle = Math.floor((low + high) / 2);
		if (isEnough(middle)) high = middle;
		else low = middle;
	}
	return high;
}

/**
 * Clean requests after which the exact test for ONE look at a number fixed beforehand rules out `limit`: the smallest n with
 * (1 - limit)^n <= alpha, about 3 / limit at 5 % ("rule of three", Hanley and Lippman-Hand 1983). 299 for 1 %, 2,995 for 0.1 %,
 * 29,956 for 0.01 %. For whoever looks again and again it is too few; `cleanNeeded` is the number that holds.
 */
export function cleanForOneLook({ alpha, limit }: { alpha: number; limit: number }): number {
	return Math.ceil(Math.log(alpha) / Math.log1p(-limit));
}

/** True when `upperBound` is at most `limit`, without the search for it. */
export function isBounded({ n, k, alpha, limit }: Counts & { limit: number }): boolean {
	if (limit >= 1) return true;
	if (limit <= 0 || n === 0 || k >= limit * n) return false;
	return logMixture(n, k) - logLikelihood(n, k, limit) >= -Math.log(alpha);
}

/** True when a rate of at most `limit` is ruled out at `alpha`, however often one looked: by the same martingale, from the other side. */
export function isExceeded({ n, k, alpha, limit }: Counts & { limit: number }): boolean {
	if (n === 0 || k <= limit * n) return false;
	return limit <= 0 || logMixture(n, k) - logLikelihood(n, k, limit) >= -Math.log(alpha);
}

function logMixture(n: number, k: number): number {
	return logBeta(prior.a + k, prior.b + n - k) - logBeta(prior.a, prior.b);
}

function logLikelihood(n: number, k: number, p: number): number {
	return (k === 0 ? 0 : k * Math.log(p)) + (n - k) * Math.log1p(-p);
}

function logBeta(a: number, b: number): number {
	return logGamma(a) + logGamma(b) - logGamma(a + b);
}

// Lanczos' approximation with g = 7 and nine terms (coefficients of P. Godfrey), relative error about 1e-15 for x > 0.
const lanczos = [
	0.999_999_999_999_809_93, 676.520_368_121_885_1, -1259.139_216_722_402_8, 771.323_428_777_653_13, -176.615_029_162_140_6,
	12.507_343_278_686_905, -0.138_571_095_265_720_12, 9.984_369_578_019_571_6e-6, 1.505_632_735_149_311_6e-7,
];

/** ln Gamma(x) for x > 0. */
export function logGamma(x: number): number {
	if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x);
	let sum = lanczos[0] as number;
	for (let term = 1; term < lanczos.length; term++) sum += (lanczos[term] as number) / (x - 1 + term);
	const t = x + 6.5;
	return 0.5 * Math.log(2 * Math.PI) + (x - 0.5) * Math.log(t) - t + Math.log(sum);
}
