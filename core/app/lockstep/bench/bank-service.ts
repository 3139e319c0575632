// A bank of one table pair over SQLite, as legacy and as the new service of the bench: node bank-service.ts DATABASE
import { createServer } from "node:http";
import { DatabaseSync } from "node:sqlite";

const database = new DatabaseSync(process.argv[2] ?? "");
database.exec("PRAGMA synchronous = NORMAL; PRAGMA busy_timeout = 10000");
const move = database.prepare("UPDATE accounts SET balance = balance + ? WHERE id = ?");
const note = database.prepare("INSERT INTO movements (account, cents) VALUES (?, ?)");
const read = database.prepare("SELECT balance FROM accounts WHERE id = ?");

// Each a transaction of its own.
const count = database.prepare("UPDATE accounts SET used = used + 1 WHERE id = ?");
const audit = database.prepare("INSERT INTO audit (account, cents) VALUES (?, ?)");

const server = createServer((request, response) => {
	const parts: Buffer[] = [];
	request.on("data", (part: Buffer) => parts.push(part));
	request.on("end", () => {
		// For the bench: what this process has used, in microseconds.
		if (request.url === "/cpu") return void response.end(JSON.stringify(process.cpuUsage()));
		const form = JSON.parse(Buffer.concat(parts).toString() || "{}") as { account?: number; cents?: number };
		const { account = 0, cents = 0 } = form;
		let movement: number | bigint = 0;
		if (request.url === "/deposit" || request.url === "/twice") {
			database.exec("BEGIN IMMEDIATE");
			move.run(cents, account);
			movement = note.run(account, cents).lastInsertRowid;
			database.exec("COMMIT");
		}
		if (request.url === "/twice") {
			count.run(account);
			audit.run(account, cents);
		}
		const body = JSON.stringify({ ...(movement === 0 ? {} : { movement: Number(movement) }), ...read.get(account) });
		response.writeHead(200, { "Content-Type": "application/json", "Content-Length": Buffer.byteLength(body) }).end(body);
	});
});
server.keepAliveTimeout = 60_000;
server.listen(0, "127.0.0.1", () => {
	const address = server.address();
	console.log(`listening 127.0.0.1:${typeof address === "object" ? address?.port : ""}`);
});
