import { perform } from "../../app/commands/index.ts";
import { useApp, useProject } from "../../app/context.tsx";
import { bareName, shortName } from "../../ui/index.ts";
import styles from "./inspector.module.css";

type Props = {
	/** Without one, only the links. */
	title?: string;
	kind: "function" | "route" | "table" | "module";
	names: readonly string[];
};

/** Names that lead to their bubbles; a name without a bubble is plain text. */
export function NodeLinks({ title, kind, names }: Props) {
	const app = useApp();
	const nodes = useProject((state) => state.graph?.nodes);
	const unique = [...new Set(names)];
	const links =
		unique.length === 0 ? (
			<p className={styles.muted}>none</p>
		) : (
			<ul className={styles.links}>
				{unique.map((name) => {
					const id = name.startsWith(`${kind}:`) ? name : `${kind}:${name}`;
					const node = nodes?.find((one) => one.id === id);
					const text = kind === "function" || kind === "module" ? shortName(bareName(name)) : bareName(name);
					return (
						<li key={name}>
							{node === undefined ? (
								<span>{text}</span>
							) : (
								<button
									type="button"
									title={node.file === "" ? undefined : `${node.file}:${node.line}`}
									onClick={() => void perform(app, "map.show", id)}
								>
									{text}
								</button>
							)}
						</li>
					);
				})}
			</ul>
		);
	if (title === undefined) return links;
	return (
		<section>
			<h3>
				{title} <span className={styles.muted}>{unique.length}</span>
			</h3>
			{links}
		</section>
	);
}
