import { useState } from "react";
import { ask } from "../../app/commands/index.ts";
import { useApp } from "../../app/context.tsx";
import { TextField, TrafficForm } from "./traffic-form.tsx";
import { exportedText } from "./traffic-words.ts";

/** Asks for a recording and writes it as HAR; a moment's line says what came of it. */
export function ExportDialog({ onClose }: { onClose(): void }) {
	const app = useApp();
	const [from, setFrom] = useState("");
	const [to, setTo] = useState("");
	const begin = async () => {
		const written = await ask(app, (client) => client.recording.export({ from: from.trim(), to: to.trim() }));
		if (written !== undefined) app.screen.getState().say(exportedText(written));
	};
	return (
		<TrafficForm
			title="Write a recording as HAR"
			lead="HAR 1.2, as browsers and proxies read it. What is masked in the recording stays masked."
			action="Write the HAR"
			isWhole={from.trim() !== "" && to.trim() !== ""}
			begin={() => void begin()}
			onClose={onClose}
		>
			<TextField
				id="export-from"
				label="Recording, on the machine of the core"
				value={from}
				onChange={setFrom}
				placeholder="/srv/recordings/monday.rec"
			/>
			<TextField
				id="export-to"
				label="HAR that is written; none of that name may be there yet"
				value={to}
				onChange={setTo}
				placeholder="/srv/recordings/monday.har"
			/>
		</TrafficForm>
	);
}
