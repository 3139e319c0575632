import { Fragment } from "react";
import styles from "./small.module.css";

const WORDS = {
	python:
		/\b(and|as|assert|break|class|continue|def|del|elif|else|except|finally|for|from|global|if|import|in|is|lambda|not|or|pass|raise|return|try|while|with|yield|None|True|False)\b/,
	typescript:
		/\b(as|async|await|break|case|catch|class|const|continue|default|else|export|extends|false|finally|for|from|function|if|import|in|instanceof|interface|let|new|null|of|return|switch|throw|true|try|type|typeof|undefined|while)\b/,
	java: /\b(abstract|boolean|break|case|catch|class|continue|default|double|else|enum|extends|false|final|finally|for|if|implements|import|instanceof|int|interface|long|new|null|package|private|protected|public|record|return|static|super|switch|synchronized|this|throw|throws|true|try|void|while)\b/,
	text: /(?!)/,
};

export type SourceLanguage = keyof typeof WORDS;

const marks: Record<SourceLanguage, RegExp> = {
	python: pattern(WORDS.python, "#[^\\n]*"),
	typescript: pattern(WORDS.typescript, "//[^\\n]*|/\\*.*?\\*/"),
	java: pattern(WORDS.java, "//[^\\n]*|/\\*.*?\\*/"),
	text: /(?!)/g,
};

function pattern(words: RegExp, comment: string): RegExp {
	return new RegExp(
		`(?<comment>${comment})|(?<string>"(?:[^"\\\\\\n]|\\\\.)*"|'(?:[^'\\\\\\n]|\\\\.)*'|\`[^\`\\n]*\`)|(?<number>\\b\\d[\\d_.]*\\b)|(?<keyword>${words.source})`,
		"g",
	);
}

/** Source text with line numbers and light marking, all of it as text nodes. Focusable, because it scrolls. */
export function Source({ text, from = 1, language, label }: { text: string; from?: number; language: SourceLanguage; label: string }) {
	const lines = text.replace(/\n$/, "").split("\n");
	return (
		// biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
		<section className={styles.code} tabIndex={0} aria-label={label}>
			<ol>
				{lines.map((line, index) => (
					// biome-ignore lint/suspicious/noArrayIndexKey: a line is its number
					<li key={index}>
						<span className={styles.lineNumber} aria-hidden="true">
							{from + index}
						</span>
						<code>{markedLine(line, language)}</code>
					</li>
				))}
			</ol>
		</section>
	);
}

/** One line with its keywords, strings, numbers and comments marked. */
export function markedLine(line: string, language: SourceLanguage) {
	const parts: { text: string; kind: string | null }[] = [];
	let at = 0;
	for (const match of line.matchAll(marks[language])) {
		if (match.index > at) parts.push({ text: line.slice(at, match.index), kind: null });
		const kind = Object.entries(match.groups ?? {}).find(([, value]) => value !== undefined)?.[0] ?? null;
		parts.push({ text: match[0], kind });
		at = match.index + match[0].length;
	}
	if (at < line.length) parts.push({ text: line.slice(at), kind: null });
	return parts.map((part, index) => (
		// biome-ignore lint/suspicious/noArrayIndexKey: parts never move
		<Fragment key={index}>{part.kind === null ? part.text : <span className={styles[part.kind]}>{part.text}</span>}</Fragment>
	));
}

export function languageOf(path: string): SourceLanguage {
	if (path.endsWith(".py")) return "python";
	if (path.endsWith(".java")) return "java";
	return /\.(ts|tsx|js|mjs|json)$/.test(path) ? "typescript" : "text";
}
