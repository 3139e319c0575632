// A process to be killed: appends without end and prints the number of each entry only once it is durable.
import { openJournal } from "../index.ts";

const journal = await openJournal({ file: process.argv[2] ?? "", fsyncMs: 2 });
process.stdout.write("ready\n");
while (true) {
	const { seq } = journal.append("note", { function: null, text: "x".repeat(Math.floor(Math.random() * 3_000)) });
	if (Math.random() < 0.3) {
		await journal.durable();
		process.stdout.write(`${seq}\n`);
	}
}
