import type { ReactNode } from "react";
import { Button, Dialog } from "../../ui/index.ts";
import styles from "./traffic-dialogs.module.css";

type TrafficFormProps = {
	title: string;
	lead: string;
	/** What its button does, in words. */
	action: string;
	isWhole: boolean;
	begin(): void;
	onClose(): void;
	children: ReactNode;
};

/** A dialog that asks for files and targets, and begins. */
export function TrafficForm({ title, lead, action, isWhole, begin, onClose, children }: TrafficFormProps) {
	return (
		<Dialog title={title} lead={lead} onClose={onClose}>
			<form
				className={styles.form}
				onSubmit={(event) => {
					event.preventDefault();
					if (!isWhole) return;
					onClose();
					begin();
				}}
			>
				{children}
				<div className={styles.actions}>
					<Button onClick={onClose}>Not now</Button>
					<Button look="primary" type="submit" disabled={!isWhole}>
						{action}
					</Button>
				</div>
			</form>
		</Dialog>
	);
}

type TextFieldProps = { id: string; label: string; value: string; placeholder: string; onChange(value: string): void };

export function TextField({ id, label, value, placeholder, onChange }: TextFieldProps) {
	return (
		<>
			<label htmlFor={id}>{label}</label>
			<input
				id={id}
				className={styles.input}
				value={value}
				onChange={(event) => onChange(event.target.value)}
				placeholder={placeholder}
				autoComplete="off"
				spellCheck={false}
			/>
		</>
	);
}

type ChoiceFieldProps<T> = {
	id: string;
	label: string;
	value: T;
	options: readonly { value: T; words: string }[];
	onChange(value: T): void;
};

export function ChoiceField<T>({ id, label, value, options, onChange }: ChoiceFieldProps<T>) {
	const chosen = options.findIndex((option) => option.value === value);
	return (
		<>
			<label htmlFor={id}>{label}</label>
			<select
				id={id}
				className={styles.input}
				value={chosen}
				onChange={(event) => {
					const option = options[Number(event.target.value)];
					if (option !== undefined) onChange(option.value);
				}}
			>
				{options.map(({ words }, index) => (
					<option key={words} value={index}>
						{words}
					</option>
				))}
			</select>
		</>
	);
}

/** `a, b c` as its parts. */
export const partsOf = (text: string): string[] => text.split(/[\s,]+/).filter((part) => part !== "");
