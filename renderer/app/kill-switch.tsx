import { Octagon } from "lucide-react";
import { CommandButton } from "./command-button.tsx";
import styles from "./kill-switch.module.css";

/** Always in sight: in the header, and at the same spot over whatever covers the header. */
export function KillSwitch({ covering = false }: { covering?: boolean }) {
	return (
		<CommandButton
			id="system.panic"
			look="danger"
			className={`${styles.kill} ${covering ? styles.covering : ""}`}
			icon={<Octagon size={16} aria-hidden="true" />}
		/>
	);
}
