import type { CauseModel } from "../classifier.ts";

/** model.json: a cause's stumps on lines of their own, so that a new training run can be read as a difference. */
export function modelText({ causes, bias, calibration, stumps }: CauseModel): string {
	const rows = stumps.map((all) => `\t\t[\n${all.map((one) => `\t\t\t${list(one)}`).join(",\n")}\n\t\t]`);
	const nested = (all: readonly (readonly number[])[]) => all.map((one) => `\t\t${list(one)}`).join(",\n");
	return [
		"{",
		`\t"causes": ${list(causes)},`,
		`\t"bias": ${list(bias)},`,
		`\t"calibration": [\n${nested(calibration)}\n\t],`,
		`\t"stumps": [\n${rows.join(",\n")}\n\t]`,
		"}\n",
	].join("\n");
}

const list = (values: readonly (string | number)[]): string => `[${values.map((one) => JSON.stringify(one)).join(", ")}]`;
