import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export type TestCertificate = { certFile: string; keyFile: string; cert: string; key: string };

export type TestAuthority = {
	/** Its certificate, for whoever shall trust it. */
	caFile: string;
	ca: string;
	/** Signed for these names; the first is the subject's. `by`: through another authority that this one has signed. */
	issue(names: string[], options?: { isExpired?: boolean; by?: "intermediate" }): TestCertificate;
	end(): void;
};

/** A certificate authority of its own, by openssl, in a directory of its own. */
export function createAuthority(name = "Test Authority"): TestAuthority {
	const dir = mkdtempSync(join(tmpdir(), "phoenix-ca-"));
	const file = (leaf: string) => join(dir, leaf);
	const openssl = (...args: string[]) =>
		execFileSync("openssl", args, { cwd: dir, env: { PATH: process.env.PATH ?? "" }, stdio: ["ignore", "ignore", "pipe"] });
	const newKey = (leaf: string) => openssl("ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", file(leaf));
	let serial = 0;

	function sign(key: string, out: string, subject: string, extensions: string, issuer: string, times: string[]): void {
		serial++;
		writeFileSync(file("extensions"), extensions);
		openssl("req", "-new", "-key", file(key), "-subj", `/CN=${subject}`, "-out", file("request"));
		const by = ["-CA", file(`${issuer}.pem`), "-CAkey", file(`${issuer}.key`), "-set_serial", String(serial)];
		openssl("x509", "-req", "-in", file("request"), ...by, "-extfile", file("extensions"), ...times, "-out", file(out));
	}

	newKey("root.key");
	openssl("req", "-x509", "-new", "-key", file("root.key"), "-subj", `/CN=${name}`, "-days", "30", "-out", file("root.pem"));
	const week = ["-days", "7"];
	return {
		caFile: file("root.pem"),
		ca: readFileSync(file("root.pem"), "utf8"),
		issue(names, { isExpired = false, by } = {}) {
			const leaf = `leaf${serial}`;
			if (by === "intermediate") {
				newKey("middle.key");
				sign("middle.key", "middle.pem", `${name} Intermediate`, "basicConstraints=critical,CA:TRUE\n", "root", week);
			}
			newKey(`${leaf}.key`);
			const alternatives = names.map((one) => (/^[\d.]+$/.test(one) ? `IP:${one}` : `DNS:${one}`)).join(",");
			// openssl 3.0 cannot sign into the past; a certificate that begins and ends at once has expired a second later.
			const times = isExpired ? ["-days", "-1"] : week;
			sign(`${leaf}.key`, `${leaf}.pem`, names[0] ?? "", `subjectAltName=${alternatives}\n`, by === undefined ? "root" : "middle", times);
			const own = readFileSync(file(`${leaf}.pem`), "utf8");
			const cert = by === undefined ? own : own + readFileSync(file("middle.pem"), "utf8");
			writeFileSync(file(`${leaf}.pem`), cert);
			return { certFile: file(`${leaf}.pem`), keyFile: file(`${leaf}.key`), cert, key: readFileSync(file(`${leaf}.key`), "utf8") };
		},
		end: () => rmSync(dir, { recursive: true, force: true }),
	};
}
