import { type KeyboardEvent, useEffect, useRef } from "react";
import { Badge, type Tone } from "../../ui/index.ts";
import { type Group, groups, type Item } from "./items.ts";
import styles from "./workbench.module.css";

const tones: Record<Group, Tone> = {
	"Cannot be translated": "bad",
	Rules: "good",
	"Drift sites": "warn",
	"SQL statements": "info",
	"Clock and chance": "plain",
};

/** What the blueprint says, in groups. The arrow keys go from one to the next. */
export function BlueprintPane({ items, chosen, onChoose }: { items: readonly Item[]; chosen: string | null; onChoose(item: Item): void }) {
	const list = useRef<HTMLDivElement>(null);
	useEffect(() => {
		if (chosen !== null) list.current?.querySelector(`[data-item="${CSS.escape(chosen)}"]`)?.scrollIntoView({ block: "nearest" });
	}, [chosen]);
	const step = (event: KeyboardEvent<HTMLButtonElement>) => {
		const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
		if (by === undefined) return;
		event.preventDefault();
		const buttons = [...(list.current?.querySelectorAll("button") ?? [])];
		const next = buttons[buttons.indexOf(event.currentTarget) + by];
		next?.focus();
		next?.click();
	};
	const current = items.some((one) => one.id === chosen) ? chosen : items[0]?.id;
	return (
		<div ref={list} className={styles.items}>
			{groups.map((group) => {
				const members = items.filter((one) => one.group === group);
				if (members.length === 0) return null;
				return (
					<section key={group} aria-label={group}>
						<h3>
							{group} <span>{members.length}</span>
						</h3>
						<ul>
							{members.map((one) => (
								<li key={one.id}>
									<button
										type="button"
										data-item={one.id}
										aria-current={one.id === chosen ? "true" : undefined}
										tabIndex={one.id === current ? 0 : -1}
										onClick={() => onChoose(one)}
										onKeyDown={step}
									>
										<span className={styles.itemHead}>
											<Badge tone={tones[group]}>{one.label}</Badge>
											<code>
												{one.span.file}:{one.span.line}
											</code>
										</span>
										<span className={styles.itemText}>{one.text}</span>
									</button>
								</li>
							))}
						</ul>
					</section>
				);
			})}
		</div>
	);
}
