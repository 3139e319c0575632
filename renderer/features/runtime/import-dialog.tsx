import { useState } from "react";
import { ask } from "../../app/commands/index.ts";
import { useApp } from "../../app/context.tsx";
import styles from "./traffic-dialogs.module.css";
import { ChoiceField, partsOf, TextField, TrafficForm } from "./traffic-form.tsx";
import { importedText } from "./traffic-words.ts";

const other = "";
const formats = [
	{ value: "har", words: "HAR, as browsers and proxies write it" },
	{ value: "combined", words: "Access log of nginx, combined" },
	{ value: "common", words: "Access log of nginx, common" },
	{ value: "apache-combined", words: "Access log of Apache, combined" },
	{ value: "apache-common", words: "Access log of Apache, common" },
	{ value: "json", words: "A JSON object per line" },
	{ value: other, words: "Another format, as the server's configuration has it" },
];

/** Asks for a HAR or an access log and makes a recording of it; a moment's line says what came of it. */
export function ImportDialog({ onClose }: { onClose(): void }) {
	const app = useApp();
	const [from, setFrom] = useState("");
	const [to, setTo] = useState("");
	const [named, setNamed] = useState("har");
	const [own, setOwn] = useState("");
	const [host, setHost] = useState("");
	const [rules, setRules] = useState("");
	const format = named === other ? own.trim() : named;
	const begin = async () => {
		const mask = partsOf(rules);
		const made = await ask(app, (client) =>
			client.recording.import({
				...{ from: from.trim(), to: to.trim(), format },
				...(host.trim() === "" ? {} : { host: host.trim() }),
				...(mask.length === 0 ? {} : { mask }),
			}),
		);
		if (made !== undefined) app.screen.getState().say(importedText(made));
	};
	return (
		<TrafficForm
			title="Make a recording of a HAR or an access log"
			lead="What carries enough to be sent again; the rest is counted with its reason. Masked like any recording before it is written."
			action="Make the recording"
			isWhole={from.trim() !== "" && to.trim() !== "" && format !== ""}
			begin={() => void begin()}
			onClose={onClose}
		>
			<TextField
				id="import-from"
				label="File, on the machine of the core"
				value={from}
				onChange={setFrom}
				placeholder="/var/log/nginx/access.log"
			/>
			<ChoiceField id="import-format" label="What it is" value={named} options={formats} onChange={setNamed} />
			{named === other ? (
				<TextField
					id="import-own"
					label="Its log_format (nginx) or LogFormat (Apache)"
					value={own}
					onChange={setOwn}
					placeholder='$remote_addr [$time_local] "$request" $status'
				/>
			) : null}
			{named === "har" ? null : (
				<TextField id="import-host" label="Host, where the log names none" value={host} onChange={setHost} placeholder="bank.example" />
			)}
			<TextField
				id="import-to"
				label="Recording that is made; none of that name may be there yet"
				value={to}
				onChange={setTo}
				placeholder="/srv/recordings/yesterday.rec"
			/>
			<TextField
				id="import-mask"
				label="Also mask these, separated by commas"
				value={rules}
				onChange={setRules}
				placeholder="field:customer/taxCode, header:X-Customer"
			/>
			<p className={styles.note}>Names of persons have no form by which they could be found: name their fields.</p>
		</TrafficForm>
	);
}
