import type { Value } from "./value-tree.ts";

const codeField = /^@?(?:.*[_-])?(?:code|status|rc|retcode|returncode|errcode|errno)$/i;
const wordField = /^@?(?:.*[_-])?(?:result|outcome|esito|state)$/i;
const errorField = /^@?(?:err(?:or|ors|code|msg|message|no|text)?|exception|fault)$/i;
const nothing = new Set(["", "0", "false", "null"]);
const failureWord = /^(?:err.*|fail.*|refus.*|reject.*|denied|declined|invalid|ko|no|false)$/i;
const failureCode = /^(?:[1-9]\d{0,4}|-\d+|[A-Z]{1,3}[-_ ]?\d+)$/;

/**
 * Whether an answer says that the request failed, and with which code. Systems that answer errors with status 200
 * say it in a field: one that is named for errors and is not empty, or a code or word that is no success.
 */
export function outcomeOf(status: number, root: string, value: Value): { failed: boolean; code: string } {
	const codes: string[] = [];
	const visit = (record: Value): void => {
		if (record.kind !== "record") return;
		for (const [name, item] of record.fields) {
			if (item.kind === "record" && !errorField.test(name)) visit(item);
			const text = item.kind === "leaf" ? item.text : "(nested)";
			const isError =
				(errorField.test(name) && !nothing.has(text)) ||
				(codeField.test(name) && (failureCode.test(text) || failureWord.test(text)) && !/^2\d\d$/.test(text)) ||
				(wordField.test(name) && failureWord.test(text));
			if (isError) codes.push(text);
		}
	};
	visit(value);
	return { failed: status >= 400 || errorField.test(root) || codes.length > 0, code: codes.join(" ") };
}
