#!/usr/bin/env node
// In place of fpm, which electron-builder fetches from the network to make a deb: takes the words that electron-builder gives it
// and lets dpkg-deb make the package. It knows no more than these words, and refuses all others.
import { spawnSync } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { parseArgs } from "node:util";

const text = /** @type {const} */ ({ type: "string" });
const many = /** @type {const} */ ({ type: "string", multiple: true });
const { values, positionals } = parseArgs({
	allowPositionals: true,
	options: {
		source: { type: "string", short: "s" },
		target: { type: "string", short: "t" },
		force: { type: "boolean" },
		debug: { type: "boolean" },
		log: text,
		architecture: text,
		"after-install": text,
		"after-remove": text,
		"before-remove": text,
		description: text,
		version: text,
		package: text,
		name: text,
		maintainer: text,
		vendor: text,
		url: text,
		category: text,
		license: text,
		"deb-priority": text,
		"deb-compression": text,
		"deb-recommends": many,
		depends: { type: "string", short: "d", multiple: true },
	},
});

const tree = mkdtempSync(join(tmpdir(), "phoenix-fpm-"));
for (const word of positionals) {
	const [from = "", to = ""] = word.split("=");
	mkdirSync(join(tree, dirname(to)), { recursive: true });
	cpSync(from, join(tree, to), { recursive: true, verbatimSymlinks: true });
}
const [synopsis = "", ...description] = (values.description ?? "").split("\n");
const fields = {
	Package: values.name,
	Version: values.version,
	Architecture: values.architecture,
	Maintainer: values.maintainer,
	Vendor: values.vendor,
	Homepage: values.url,
	Section: values.category,
	Priority: values["deb-priority"],
	Depends: values.depends?.join(", "),
	Recommends: values["deb-recommends"]?.join(", "),
	Description: [synopsis.trim(), ...description.map((line) => ` ${line.trim()}`)].join("\n"),
};
const control = Object.entries(fields).flatMap(([name, value]) => (value === undefined ? [] : [`${name}: ${value}\n`]));
mkdirSync(join(tree, "DEBIAN"));
writeFileSync(join(tree, "DEBIAN/control"), control.join(""));
const scripts = { postinst: values["after-install"], postrm: values["after-remove"], prerm: values["before-remove"] };
for (const [name, file] of Object.entries(scripts)) {
	if (file === undefined) continue;
	writeFileSync(join(tree, "DEBIAN", name), readFileSync(file));
	chmodSync(join(tree, "DEBIAN", name), 0o755);
}
chmodSync(tree, 0o755);
const { status } = spawnSync("dpkg-deb", ["--root-owner-group", "-Zxz", "-z1", "--build", tree, values.package ?? ""], {
	stdio: ["ignore", 2, 2],
});
rmSync(tree, { recursive: true });
if (status !== 0) throw new Error(`dpkg-deb could not build ${basename(values.package ?? "")}`);
