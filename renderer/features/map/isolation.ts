/** Three classes people can tell apart by colour and by shape: hexagon, circle, diamond. */
export type Isolation = "isolated" | "coupled" | "entangled";

export function isolationOf(isolation: number): Isolation {
	if (isolation >= 0.66) return "isolated";
	return isolation >= 0.33 ? "coupled" : "entangled";
}
