import { useId } from "react";
import { done } from "../../app/commands/index.ts";
import { useApp, useSettings } from "../../app/context.tsx";
import type { Settings } from "../../state/index.ts";
import styles from "./settings.module.css";

export type Option<Value> = { value: Value; title: string; words?: string };
type Chosen = "theme" | "motion" | "textSize" | "timeZone" | "policy" | "autoAccept";

type Props<K extends Chosen> = { name: K; title: string; words: string; options: readonly Option<Settings[K]>[] };

/** One setting as a row of choices. It acts at once, and every change is a step that can be undone. */
export function Choice<K extends Chosen>({ name, title, words, options }: Props<K>) {
	const app = useApp();
	const id = useId();
	const chosen = useSettings((state) => state[name]);
	const choose = (value: Settings[K]) => {
		const { change } = app.settings.getState();
		const set = (next: Settings[K]) => change({ [name]: next });
		set(value);
		done(app, { name: `Change ${title.toLowerCase()}`, undo: () => set(chosen), redo: () => set(value) });
	};
	return (
		<fieldset className={styles.setting} aria-describedby={`${id}-words`}>
			<legend>{title}</legend>
			<p id={`${id}-words`}>{words}</p>
			<div className={styles.options}>
				{options.map((option) => (
					<label key={String(option.value)} className={styles.option}>
						<input type="radio" name={id} checked={chosen === option.value} onChange={() => choose(option.value)} />
						<span>
							{option.title}
							{option.words === undefined ? null : <small>{option.words}</small>}
						</span>
					</label>
				))}
			</div>
		</fieldset>
	);
}
