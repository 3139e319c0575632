import type { CauseCase } from "../../contract/cause.ts";
import { showValue } from "../../contract/verdict.ts";
import { readBody } from "../notations/body.ts";
import type { Value } from "../value-tree.ts";

/** What is known of one transaction on legacy's side, by name: `request/amount`, `rows/accounts/category`, `answer/BAND`. */
export type Features = ReadonlyMap<string, string>;

const most = 300;

export function featuresOf({ request, legacy }: CauseCase): Features {
	const features = new Map<string, string>();
	const add = (name: string, text: string) => {
		if (features.size < most && !features.has(name)) features.set(name, text);
	};
	const form = (text: string) => {
		for (const [name, value] of new URLSearchParams(text)) add(`request/${name}`, value);
	};
	form(request.target.split("?")[1] ?? "");
	const asked = readBody("", request.body);
	if (asked.notation === "text") form(request.body);
	else addLeaves("request", asked.value, add);
	for (const { table, before, after } of legacy.changes)
		for (const [column, value] of Object.entries({ ...after, ...before })) add(`rows/${table}/${column}`, showValue(value));
	addLeaves("answer", answerOf(legacy), add);
	return features;
}

/** Leaves of legacy's answer by their path; the place of an item in a list is left out. */
export function leavesOf(side: CauseCase["legacy"]): Features {
	const leaves = new Map<string, string>();
	addLeaves("answer", answerOf(side), (name, text) => leaves.size < most && leaves.set(name, text));
	for (const { table, after } of side.changes)
		for (const [column, value] of Object.entries(after ?? {}))
			if (leaves.size < most) leaves.set(`rows/${table}/${column}`, showValue(value));
	return leaves;
}

const answerOf = (side: CauseCase["legacy"]): Value => readBody(side.contentType, side.body).value;

function addLeaves(path: string, value: Value, add: (name: string, text: string) => void): void {
	if (value.kind === "leaf") add(path, value.text);
	else if (value.kind === "list") for (const item of value.items) addLeaves(path, item, add);
	else for (const [name, item] of value.fields) addLeaves(`${path}/${name}`, item, add);
}
