import { X } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { CommandButton } from "../../app/command-button.tsx";
import { Button, count } from "../../ui/index.ts";
import type { Mistake } from "./expression/parse.ts";
import styles from "./map.module.css";
import { useLook, useNote } from "./use-map.ts";
import type { Sifted } from "./use-sieve.ts";

const EXAMPLES = ["complexity > 10", "entangled", "route:/transfer", "writes:accounts", "calls:connect", "not module:server"];
/** After so long without a key the map follows what was typed. */
const PAUSE_MS = 120;

/** The Find and Hide boxes: what they name is ringed on the map, or taken off it. */
export function Filters({ sifted, asked, onClose }: { sifted: Sifted; asked: number; onClose(): void }) {
	const { find, hide } = useLook();
	const note = useNote();
	const field = useRef<HTMLInputElement>(null);
	useEffect(() => {
		if (asked > 0) field.current?.focus();
	}, [asked]);
	return (
		<search className={styles.filters} aria-label="Find and hide on the map">
			<Box
				label="Find"
				value={find}
				mistake={sifted.mistakes.find}
				result={sifted.found === null ? "" : `${count(sifted.found)} found`}
				inputRef={field}
				onChange={(text) => note({ find: text })}
				onEscape={onClose}
			/>
			<Box
				label="Hide"
				value={hide}
				mistake={sifted.mistakes.hide}
				result={sifted.hidden === 0 ? "" : `${count(sifted.hidden)} hidden`}
				onChange={(text) => note({ hide: text })}
				onEscape={onClose}
			/>
			<div className={styles.filterEnd}>
				<CommandButton id="map.clear" look="quiet">
					Clear
				</CommandButton>
				<Button look="quiet" icon={<X size={15} aria-hidden="true" />} aria-label="Close find and hide" onClick={onClose} />
			</div>
			{find === "" && hide === "" ? (
				<p className={styles.examples}>
					Try{" "}
					{EXAMPLES.map((example) => (
						<button key={example} type="button" onClick={() => note({ find: example })}>
							{example}
						</button>
					))}
				</p>
			) : null}
		</search>
	);
}

type BoxProps = {
	label: string;
	value: string;
	mistake: Mistake | null;
	result: string;
	inputRef?: React.Ref<HTMLInputElement>;
	onChange(text: string): void;
	onEscape(): void;
};

function Box({ label, value, mistake, result, inputRef, onChange, onEscape }: BoxProps) {
	const [text, setText] = useState(value);
	const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
	useEffect(() => setText(value), [value]);
	useEffect(() => () => clearTimeout(timer.current), []);
	const id = `map-${label.toLowerCase()}`;
	const change = (next: string) => {
		setText(next);
		clearTimeout(timer.current);
		timer.current = setTimeout(() => onChange(next), PAUSE_MS);
	};
	return (
		<div className={styles.box}>
			<label htmlFor={id}>{label}</label>
			<input
				id={id}
				ref={inputRef}
				value={text}
				aria-invalid={mistake !== null}
				aria-describedby={`${id}-words`}
				autoComplete="off"
				spellCheck={false}
				onChange={(event) => change(event.target.value)}
				onKeyDown={(event) => {
					if (event.key === "Enter") {
						clearTimeout(timer.current);
						onChange(text);
					}
					if (event.key === "Escape") {
						event.stopPropagation();
						onEscape();
					}
				}}
			/>
			<output id={`${id}-words`} className={mistake === null ? styles.muted : styles.mistake}>
				{mistake === null ? result : mistake.message}
			</output>
		</div>
	);
}
