import { FolderOpen, Landmark } from "lucide-react";
import { CommandButton } from "../../app/command-button.tsx";
import phoenix from "../../phoenix.svg";
import styles from "./welcome.module.css";

export function Welcome() {
	return (
		<div className={styles.welcome}>
			<div className={styles.middle}>
				<img src={phoenix} alt="" className={styles.mark} />
				<h1>Replace a legacy system one function at a time, under real traffic, with proof.</h1>
				<p>Old and new answer every request side by side. Evidence decides what moves, and every step can be taken back at once.</p>
				<div className={styles.ways}>
					<article>
						<h2>The sample bank</h2>
						<p>“Banca 1990”: a small bank with honest old habits, a database and live traffic. Nothing of yours is touched.</p>
						<CommandButton id="project.openSample" look="primary" large icon={<Landmark size={18} aria-hidden="true" />} />
					</article>
					<article>
						<h2>Your own system</h2>
						<p>Point at a folder with Python source. Phoenix reads it and draws the map. It changes nothing there.</p>
						<CommandButton id="project.chooseFolder" large icon={<FolderOpen size={18} aria-hidden="true" />} />
					</article>
				</div>
			</div>
		</div>
	);
}
