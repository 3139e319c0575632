// The Debian package: the engine under /opt/phoenix-engine/<version>, the command, a man page, units for systemd.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, rmSync, statSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { copy, filesBelow, setTimes, write } from "./files.mjs";
import { manPage } from "./man-page.mjs";

const pieces = join(import.meta.dirname, "deb");
/** Names of processors, as Node and as Debian spell them. @type {Record<string, string>} */
const architectures = { x64: "amd64", arm64: "arm64" };

/**
 * @param {{ engine: (to: string) => Promise<void>; help: string; version: string; arch: string; epoch: number; work: string; out: string; isQuick?: boolean }} options
 * `engine` fills a folder; `help`: what `phoenix --help` prints; `isQuick`: not compressed
 * @returns {Promise<string>} the path of the package
 */
export async function makeDeb({ engine, help, version, arch, epoch, work, out, isQuick = false }) {
	const architecture = architectures[arch];
	if (architecture === undefined) throw new Error(`There is no Debian name for the processor ${arch}.`);
	const tree = join(work, "deb");
	rmSync(tree, { recursive: true, force: true });
	const home = `opt/phoenix-engine/${version}`;
	await engine(join(tree, home));
	mkdirSync(join(tree, "usr/bin"), { recursive: true });
	symlinkSync(`/${home}/bin/phoenix`, join(tree, "usr/bin/phoenix"));
	copy(join(pieces, "system.service"), join(tree, "usr/lib/systemd/system/phoenix-engine.service"));
	copy(join(pieces, "user.service"), join(tree, "usr/lib/systemd/user/phoenix-engine.service"));
	copy(join(pieces, "default.conf"), join(tree, "etc/default/phoenix-engine"));
	const documents = join(tree, "usr/share/doc/phoenix-engine");
	write(join(documents, "copyright"), copyright(readFileSync(join(tree, home, "THIRD-PARTY.txt"), "utf8")));
	write(join(documents, "changelog.gz"), zip(changelog(version, epoch)));
	copy(join(tree, home, "sbom.cdx.json"), join(documents, "sbom.cdx.json"));
	write(join(tree, "usr/share/man/man1/phoenix.1.gz"), zip(manPage(help, version, epoch)));

	const files = filesBelow(tree);
	const kibibytes = files.reduce((sum, path) => sum + Math.ceil(sizeOf(join(tree, path)) / 1_024), 0);
	write(join(tree, "DEBIAN/control"), control({ version, architecture, kibibytes }));
	const hashed = files.filter((path) => path !== "usr/bin/phoenix" && !path.startsWith("etc/"));
	write(join(tree, "DEBIAN/md5sums"), hashed.map((path) => `${md5(join(tree, path))}  ${path}\n`).join(""));
	write(join(tree, "DEBIAN/conffiles"), "/etc/default/phoenix-engine\n");
	for (const script of ["postinst", "prerm", "postrm"])
		write(join(tree, "DEBIAN", script), readFileSync(join(pieces, `${script}.sh`), "utf8").replaceAll("@VERSION@", version), 0o755);
	setTimes(tree, epoch);

	const file = join(out, `phoenix-engine_${version}_${architecture}.deb`);
	// Level 1: 5 MB more than the default, in an eighth of the time. The number of threads is part of the bytes.
	const { status } = spawnSync("dpkg-deb", ["--root-owner-group", ...(isQuick ? ["-Znone"] : ["-Zxz", "-z1"]), "--build", tree, file], {
		env: { ...process.env, SOURCE_DATE_EPOCH: String(epoch), DPKG_DEB_THREADS_MAX: "2" },
		stdio: ["ignore", "ignore", 2],
	});
	if (status !== 0) throw new Error(`dpkg-deb could not build ${file} (exit code ${status}).`);
	rmSync(tree, { recursive: true });
	return file;
}

/** What `dpkg --verify` reads; the manifest of the engine holds the strong hashes. @param {string} file */
const md5 = (file) => createHash("md5").update(readFileSync(file)).digest("hex");

/** @param {string} path */
const sizeOf = (path) => statSync(path, { throwIfNoEntry: false })?.size ?? 0;

/** Without a name and a time inside, so that the same text gives the same bytes. @param {string} text */
const zip = (text) => gzipSync(text, { level: 9 });

/** @param {{ version: string; architecture: string; kibibytes: number }} fields */
function control({ version, architecture, kibibytes }) {
	const homepage = process.env.PHOENIX_HOMEPAGE;
	return `Package: phoenix-engine
Version: ${version}
Architecture: ${architecture}
Maintainer: ${process.env.PHOENIX_MAINTAINER ?? "Phoenix Engine <maintainers@phoenix-engine.invalid>"}
Installed-Size: ${kibibytes}
Depends: libc6 (>= 2.28), libstdc++6 (>= 6), libgcc-s1 | libgcc1, passwd
Recommends: python3 (>= 3.8)
Section: devel
Priority: optional
${homepage === undefined ? "" : `Homepage: ${homepage}\n`}Description: moves a legacy system to modern services, one function at a time
 Phoenix Engine runs the old and the new side by side under live traffic,
 compares answers and the rows they changed, explains and mends what differs,
 and shifts the traffic step by step; every step can be taken back at once.
 .
 This package holds the engine, its screen for the browser, the command
 phoenix and a Node.js of its own. Python 3 runs the sample bank.
`;
}

/** @param {string} thirdParty */
function copyright(thirdParty) {
	const text = thirdParty
		.split("\n")
		.map((line) => ` ${line.trim() === "" ? "." : line.trimEnd()}`)
		.join("\n");
	return `Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: Phoenix Engine

Files: *
Copyright: the authors of Phoenix Engine
License: Apache-2.0
 On Debian systems the text of the Apache License 2.0 stands in
 /usr/share/common-licenses/Apache-2.0.

Files: opt/phoenix-engine/*/node_modules/* opt/phoenix-engine/*/dist/*
Copyright: as the texts below say
License: third-party
${text}
`;
}

/** @param {string} version @param {number} epoch */
function changelog(version, epoch) {
	const date = new Date(epoch * 1_000).toUTCString().replace("GMT", "+0000");
	return `phoenix-engine (${version}) stable; urgency=medium\n\n  * Release ${version}.\n\n -- Phoenix Engine <maintainers@phoenix-engine.invalid>  ${date}\n`;
}
