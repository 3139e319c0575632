import { type ServiceTarget, serviceTargets, targetTitles } from "../../../core/contract/targets.ts";
import styles from "./plan.module.css";

const texts: Record<ServiceTarget, string> = {
	typescript: "Runs as it stands on this machine's Node: nothing is installed, a new version stands in a second.",
	"spring-boot": "Java 17, built by Maven on this machine: JPA entities of the old schema, legacy's SQL, about half a minute a version.",
};

/** What the new services are written in. */
export function TargetChoice({ target, onTarget }: { target: ServiceTarget; onTarget(target: ServiceTarget): void }) {
	return (
		<fieldset>
			<legend>Written in</legend>
			{serviceTargets.map((name) => (
				<label key={name} className={styles.option}>
					<input type="radio" name="target" checked={target === name} onChange={() => onTarget(name)} />
					<strong>{targetTitles[name]}</strong>
					<span>{texts[name]}</span>
				</label>
			))}
		</fieldset>
	);
}
