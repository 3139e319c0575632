import { CommandButton } from "../../app/command-button.tsx";
import { KeyTable } from "../../app/key-table.tsx";
import { Choice } from "./choice.tsx";
import { EngineFacts } from "./engine-facts.tsx";
import styles from "./settings.module.css";

export function SettingsPlace() {
	return (
		<div className={styles.place}>
			<div className={styles.middle}>
				<header className={styles.head}>
					<h1>Settings</h1>
					<p>Each acts at once, is kept for this machine, and can be undone.</p>
					<CommandButton id="go.back" />
				</header>
				<section aria-labelledby="settings-look">
					<h2 id="settings-look">Look</h2>
					<Choice
						name="theme"
						title="Theme"
						words="High contrast is also worn when the system asks for more contrast."
						options={[
							{ value: "system", title: "As the system" },
							{ value: "light", title: "Light" },
							{ value: "dark", title: "Dark" },
							{ value: "contrast", title: "High contrast" },
						]}
					/>
					<Choice
						name="textSize"
						title="Text size"
						words="Of everything, as a share of the normal size."
						options={[
							{ value: 100, title: "100 %" },
							{ value: 110, title: "110 %" },
							{ value: 125, title: "125 %" },
						]}
					/>
					<Choice
						name="motion"
						title="Motion"
						words="What moves only shows where something came from; nothing needs it."
						options={[
							{ value: "system", title: "As the system" },
							{ value: "full", title: "Full" },
							{ value: "less", title: "Less" },
						]}
					/>
					<Choice
						name="timeZone"
						title="Time zone"
						words="Of every time on the screen. The journal keeps UTC."
						options={[
							{ value: "local", title: "This machine" },
							{ value: "utc", title: "UTC" },
						]}
					/>
				</section>
				<section aria-labelledby="settings-runs">
					<h2 id="settings-runs">New runs</h2>
					<Choice
						name="policy"
						title="Evidence"
						words="What the plan of your own system proposes; the sample bank proposes Demo. Each run may choose otherwise."
						options={[
							{ value: "demo", title: "Demo", words: "Small thresholds, for showing." },
							{ value: "default", title: "Default", words: "At least 1,000 clean requests before the first client." },
						]}
					/>
					<Choice
						name="autoAccept"
						title="Patches"
						words="A patch that does not pass its gate is never applied."
						options={[
							{ value: false, title: "Wait for a review" },
							{ value: true, title: "Apply what passes the gate" },
						]}
					/>
				</section>
				<section aria-labelledby="settings-engine">
					<h2 id="settings-engine">Engine</h2>
					<EngineFacts />
				</section>
				<section aria-labelledby="settings-keys">
					<h2 id="settings-keys">Keyboard</h2>
					<KeyTable />
				</section>
			</div>
		</div>
	);
}
