import { Dialog as Primitive } from "radix-ui";
import type { ReactNode } from "react";
import styles from "./overlay.module.css";

type Props = { title: string; lead: ReactNode; onClose(): void; wide?: boolean; actions?: ReactNode; children?: ReactNode };

/** A modal question. Escape and a press beside it close it; the focus goes back to where it was. */
export function Dialog({ title, lead, onClose, wide = false, actions, children }: Props) {
	return (
		<Primitive.Root open onOpenChange={(open) => !open && onClose()}>
			<Primitive.Portal>
				<Primitive.Overlay className={styles.veil} />
				<Primitive.Content className={`${styles.dialog} ${wide ? styles.wide : ""}`}>
					<Primitive.Title className={styles.title}>{title}</Primitive.Title>
					<Primitive.Description className={styles.lead}>{lead}</Primitive.Description>
					{children}
					{actions === undefined ? null : <div className={styles.actions}>{actions}</div>}
				</Primitive.Content>
			</Primitive.Portal>
		</Primitive.Root>
	);
}
