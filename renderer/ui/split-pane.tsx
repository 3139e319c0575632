import type { ReactNode } from "react";
import { Group, type LayoutStorage, Panel, Separator, useDefaultLayout } from "react-resizable-panels";
import styles from "./split-pane.module.css";

type Props = {
	/** The size of the side is remembered under this name. */
	id: string;
	/** `horizontal`: the side stands right of the main part; `vertical`: below it. */
	orientation?: "horizontal" | "vertical";
	/** The side stands before the main part. */
	sideFirst?: boolean;
	/** Of the bar between both, for those who cannot see it: `Width of the inspector`. */
	label: string;
	/** Of the side, as CSS lengths or shares of the whole. */
	initial?: string;
	min?: string;
	max?: string;
	/** Null: the main part has everything. */
	side: ReactNode | null;
	children: ReactNode;
};

/**
 * A main part and a side, with a bar between them that is moved by pointer or by the arrow keys; Enter or a double press puts it back.
 * The side keeps its size when the window changes.
 */
export function SplitPane({
	id,
	orientation = "horizontal",
	sideFirst = false,
	label,
	initial = "24rem",
	min = "16rem",
	max = "60%",
	side,
	children,
}: Props) {
	const hasSide = side !== null;
	const { defaultLayout, onLayoutChanged } = useDefaultLayout({
		id: `phoenix.split.${id}`,
		panelIds: hasSide ? ["main", "side"] : ["main"],
		storage: safe,
	});
	const main = (
		<Panel id="main" key="main" className={styles.part} minSize="20%">
			{children}
		</Panel>
	);
	const beside = (
		<Panel
			id="side"
			key="side"
			className={styles.part}
			defaultSize={initial}
			minSize={min}
			maxSize={max}
			groupResizeBehavior="preserve-pixel-size"
		>
			{side}
		</Panel>
	);
	const bar = <Separator key="bar" className={`${styles.bar} ${styles[orientation]}`} aria-label={label} />;
	const parts = sideFirst ? [beside, bar, main] : [main, bar, beside];
	return (
		<Group
			id={`split-${id}`}
			orientation={orientation}
			defaultLayout={defaultLayout}
			onLayoutChanged={onLayoutChanged}
			className={styles.group}
		>
			{hasSide ? parts : main}
		</Group>
	);
}

/** A window that may not store anything still has its panes. */
const safe: LayoutStorage = {
	getItem(key) {
		try {
			return localStorage.getItem(key);
		} catch {
			return null;
		}
	},
	setItem(key, value) {
		try {
			localStorage.setItem(key, value);
		} catch {
			// The size lasts as long as the window.
		}
	},
};
