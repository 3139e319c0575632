// phoenix(1), from what `phoenix --help` prints: one text, so that the page never tells of a command that is not there.

/** @param {string} help @param {string} version @param {number} epoch @returns {string} roff */
export function manPage(help, version, epoch) {
	const [title = "", ...rest] = help.trim().split("\n\n");
	const commands = (rest[0] ?? "").split("\n");
	const remarks = rest.slice(1).join(" ");
	const date = new Date(epoch * 1_000).toISOString().slice(0, 10);
	return [
		`.TH PHOENIX 1 ${date} "Phoenix Engine ${version}" "User Commands"`,
		".SH NAME",
		`phoenix \\- ${roff(title.replace(/^.*?: /, "").replace(/\.$/, ""))}`,
		".SH SYNOPSIS",
		".B phoenix",
		".I command",
		"[\\fIwords\\fR] [\\fB\\-\\-json\\fR] [\\fB\\-\\-state\\fR \\fIDIR\\fR]",
		".SH COMMANDS",
		...commands.flatMap((line) => (/^ {2}\S/.test(line) ? [".TP", `.B ${roff(line.trim())}`] : [roff(line.trim())])),
		".SH OPTIONS",
		roff(remarks),
		".SH EXIT STATUS",
		"0 done, 1 failed with a coded error, 2 wrong usage, 3 refused by name.",
		".SH AS A SERVICE",
		"Write what it stands in front of into",
		".IR /etc/default/phoenix\\-engine ,",
		"then",
		'.BR "systemctl enable \\-\\-now phoenix\\-engine" .',
		"Stopping the service stops the engine alone: the gateway goes on with its last plan, and the next start takes it over.",
		".B phoenix serve \\-\\-end \\-\\-state /var/lib/phoenix\\-engine",
		"takes the gateway away. The address of the screen, with its token, stands in",
		".I /var/lib/phoenix\\-engine/core.json",
		"for root and the service alone.",
		".SH KILL SWITCH",
		"\\fBphoenix panic \\-\\-state\\fR \\fIDIR\\fR, or a file",
		".I PANIC",
		"in",
		".I DIR/gateway",
		"sends all traffic to legacy, also with the engine dead.",
		".SH FILES",
		".TP",
		".I /var/lib/phoenix\\-engine",
		"journal, capsules and state of the service; no removal of the package deletes it.",
		".TP",
		".I /opt/phoenix\\-engine/VERSION/MANIFEST.sha256",
		"hashes of all installed files, for",
		'.BR "sha256sum \\-\\-check" .',
		"",
	].join("\n");
}

/** @param {string} text */
const roff = (text) =>
	text
		.replaceAll("\\", "\\e")
		.replaceAll("-", "\\-")
		.replace(/^([.'])/, "\\&$1");
