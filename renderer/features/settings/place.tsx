import { useId } from "react";
import { done } from "../../app/commands/index.ts";
import { useApp, useSettings } from "../../app/context.tsx";
import type { Settings } from "../../state/index.ts";
import styles from "./settings.module.css";

type Option<Value> = { value: Value; title: string };

const themes: readonly Option<Settings["theme"]>[] = [
	{ value: "system", title: "As the system" },
	{ value: "light", title: "Light" },
	{ value: "dark", title: "Dark" },
	{ value: "contrast", title: "High contrast" },
];

export function SettingsPlace() {
	return (
		<div className={styles.place}>
			<h1>Settings</h1>
			<Choice name="theme" title="Theme" options={themes} />
		</div>
	);
}

/** One setting as a group of radio buttons. Every change is a step that can be undone. */
function Choice<K extends "theme">({ name, title, options }: { name: K; title: string; options: readonly Option<Settings[K]>[] }) {
	const app = useApp();
	const id = useId();
	const chosen = useSettings((state) => state[name]);
	const choose = (value: Settings[K]) => {
		const { change } = app.settings.getState();
		change({ [name]: value });
		done(app, { name: `Change ${title.toLowerCase()}`, undo: () => change({ [name]: chosen }), redo: () => change({ [name]: value }) });
	};
	return (
		<fieldset>
			<legend>{title}</legend>
			{options.map((option) => (
				<label key={option.value}>
					<input type="radio" name={id} checked={chosen === option.value} onChange={() => choose(option.value)} />
					{option.title}
				</label>
			))}
		</fieldset>
	);
}
