import { expect, test } from "vitest";
import { outsideKind } from "./outside.ts";

test("a call outside of the program is told by its path: what it talks to, or nothing for a library that keeps to itself", () => {
	const kinds = Object.fromEntries(
		[
			"sqlite3.connect",
			"requests.get",
			"smtplib.SMTP.sendmail",
			"datetime.datetime.now",
			"datetime.datetime.strptime",
			"random.randint",
			"uuid.uuid5",
			"uuid.uuid4",
			"os.environ.get",
			"os.path.join",
			"os.path.exists",
			"<builtin>.open",
			"<builtin>.len",
			"subprocess.run",
			"json.dumps",
			"timeit.default_timer",
		].map((path) => [path, outsideKind(path)]),
	);
	expect(kinds).toEqual({
		"sqlite3.connect": "database",
		"requests.get": "http",
		"smtplib.SMTP.sendmail": "mail",
		"datetime.datetime.now": "clock",
		"datetime.datetime.strptime": null,
		"random.randint": "chance",
		"uuid.uuid5": null,
		"uuid.uuid4": "chance",
		"os.environ.get": "environment",
		"os.path.join": null,
		"os.path.exists": "files",
		"<builtin>.open": "files",
		"<builtin>.len": null,
		"subprocess.run": "process",
		"json.dumps": null,
		"timeit.default_timer": null,
	});
});
