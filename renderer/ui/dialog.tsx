import { Dialog as Primitive } from "radix-ui";
import { createContext, type ReactNode, use } from "react";
import styles from "./overlay.module.css";

type Props = { title: string; lead: ReactNode; onClose(): void; wide?: boolean; actions?: ReactNode; children?: ReactNode };

/** What stays in reach while a dialog makes everything else inert. The frame fills it. */
export const DialogCorner = createContext<ReactNode>(null);

/** Escape closes what covers the window and does nothing beneath it. */
export const onlyClose = (onClose: () => void) => (event: KeyboardEvent) => {
	event.preventDefault();
	event.stopPropagation();
	onClose();
};

/** A modal question. Escape and a press beside it close it; the focus goes back to where it was. */
export function Dialog({ title, lead, onClose, wide = false, actions, children }: Props) {
	const corner = use(DialogCorner);
	return (
		<Primitive.Root open onOpenChange={(open) => !open && onClose()}>
			<Primitive.Portal>
				<Primitive.Overlay className={styles.veil} />
				<Primitive.Content className={`${styles.dialog} ${wide ? styles.wide : ""}`} onEscapeKeyDown={onlyClose(onClose)}>
					<header className={styles.head}>
						<Primitive.Title className={styles.title}>{title}</Primitive.Title>
						<Primitive.Description className={styles.lead}>{lead}</Primitive.Description>
					</header>
					{children === undefined ? null : <div className={styles.body}>{children}</div>}
					{actions === undefined ? null : <div className={styles.actions}>{actions}</div>}
					{corner}
				</Primitive.Content>
			</Primitive.Portal>
		</Primitive.Root>
	);
}
