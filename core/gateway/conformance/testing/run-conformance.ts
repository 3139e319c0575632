// `npm run conformance`: every case against the gateway and the installed peers, side by side. Prints the table and writes RESULTS.md.
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { startGateway } from "../../testing/gateway.ts";
import type { Case } from "../case.ts";
import { themes } from "../cases.ts";
import { missingPeers, type Peer, startPeers } from "./proxies.ts";
import { startRecordingBackend } from "./recording-backend.ts";
import { failuresOf, letsThrough, runCase, verdictOf } from "./run-case.ts";

type Row = { specimen: Case; own: string; failures: string[]; peers: string[]; isAcceptedAlone: boolean; isUnexplained: boolean };

const { values } = parseArgs({ options: { only: { type: "string" }, show: { type: "boolean", default: false } } });
const print = (line: string) => process.stdout.write(`${line}\n`);
const [ownQuietMs, peerQuietMs] = [1_500, 250];

const backend = await startRecordingBackend();
const gate = await startGateway({ host: "127.0.0.1", port: backend.port });
const peers = await startPeers(backend.port);
const missing = missingPeers();
for (const name of missing) print(`${name} is not installed (apt-get install ${name}): its column is missing.`);

const tables: { title: string; rows: Row[] }[] = [];
try {
	for (const { title, cases } of themes) {
		print(`\n${title}`);
		const rows: Row[] = [];
		for (const specimen of cases) {
			if (values.only !== undefined && !specimen.name.includes(values.only)) continue;
			const row = await runRow(specimen, peers);
			rows.push(row);
			const marks = [
				...row.failures,
				...(row.isAcceptedAlone ? ["ACCEPTED ALONE"] : []),
				...(row.isUnexplained ? ["NO REASON GIVEN"] : []),
			];
			print(
				`${marks.length > 0 ? "NOT" : "ok "} ${specimen.name.padEnd(66).slice(0, 66)} ${[row.own, ...row.peers].map((cell) => cell.padEnd(30)).join(" ")}`,
			);
			for (const mark of marks) print(`      ${mark}`);
		}
		tables.push({ title, rows });
	}
} finally {
	for (const peer of peers) await peer.end();
	await gate.end();
	await backend.close();
}

const all = tables.flatMap(({ rows }) => rows);
const sum = summary(all);
print(`\n${sum.join("\n")}`);
if (values.only === undefined && missing.length === 0) {
	writeFileSync(fileURLToPath(new URL("../RESULTS.md", import.meta.url)), markdown(tables, peers, sum));
	print("Written: core/gateway/conformance/RESULTS.md");
}
process.exitCode = all.some(({ failures, isAcceptedAlone, isUnexplained }) => failures.length > 0 || isAcceptedAlone || isUnexplained)
	? 1
	: 0;

async function runRow(specimen: Case, others: readonly Peer[]): Promise<Row> {
	const observed = await runCase(specimen, gate.port, backend, ownQuietMs, true);
	const own = verdictOf(specimen, observed);
	const cells: string[] = [];
	for (const { name, port } of others) {
		const seen = await runCase(specimen, port, backend, peerQuietMs, false);
		if (values.show) print(`      ${name}: ${JSON.stringify(seen).slice(0, 1_500)}`);
		cells.push(verdictOf(specimen, seen));
	}
	if (values.show) print(`      gateway: ${JSON.stringify(observed).slice(0, 1_500)}`);
	const isSame = (cell: string) => letsThrough(cell) === letsThrough(own);
	return {
		specimen,
		own,
		failures: failuresOf(specimen, observed),
		peers: cells,
		isAcceptedAlone: cells.length > 1 && letsThrough(own) && cells.every((cell) => !letsThrough(cell)),
		isUnexplained: cells.length > 1 && !cells.some(isSame) && specimen.why === undefined,
	};
}

function summary(rows: readonly Row[]): string[] {
	const count = (isSo: (row: Row) => boolean) => rows.filter(isSo).length;
	const differing = count(({ own, peers: cells }) => cells.length > 1 && cells.every((cell) => letsThrough(cell) !== letsThrough(own)));
	return [
		`${rows.length} cases: ${count(({ failures }) => failures.length === 0)} as expected, ${count(({ failures }) => failures.length > 0)} not.`,
		`Planted requests that reached the backend: gateway ${count(({ own }) => own.includes("planted"))}${peers.map(({ name }, index) => `, ${name} ${count((row) => row.peers[index]?.includes("planted") === true)}`).join("")}.`,
		`Let through though both peers refuse: ${count(({ isAcceptedAlone }) => isAcceptedAlone)}. Judged otherwise than by both peers, with the reason given: ${differing}.`,
	];
}

function markdown(sections: readonly { title: string; rows: Row[] }[], others: readonly Peer[], sum: readonly string[]): string {
	const cell = (text: string) => text.replaceAll("|", "\\|");
	const names = others.map(({ name, version }) => `${name} ${version}`);
	const lines = [
		"# HTTP/1.1, case by case",
		"",
		`Written by \`npm run conformance\`: the gateway, ${names.join(" and ")} (Debian's packages, as plain reverse proxies) before the same recording backend, over real sockets. What the gateway must pass on and answer is compared byte for byte; for the peers the table says what became of the message. \`passed 2\`: the backend read two requests.`,
		"",
		...sum.map((line) => `- ${line}`),
		"",
		"A planted request stands where one reading of a message ends and another does not. A peer that lets it through has chosen a reading (a tab is a blank, equal lengths are one, LF ends a line, a folded line is unfolded), which RFC 9112 often allows, and takes what follows for the client's next request; it is an attack as soon as another server on the way chooses otherwise. The gateway chooses none and refuses.",
	];
	for (const { title, rows } of sections) {
		lines.push(
			"",
			`## ${title}`,
			"",
			`| case | RFC | gateway | ${names.join(" | ")} | why |`,
			`| --- | --- | --- | ${names.map(() => "---").join(" | ")} | --- |`,
		);
		for (const { specimen, own, peers: cells } of rows)
			lines.push(`| ${[specimen.name, specimen.rfc, own, ...cells, specimen.why ?? ""].map(cell).join(" | ")} |`);
	}
	return `${lines.join("\n")}\n`;
}
