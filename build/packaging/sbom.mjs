// The bill of materials in CycloneDX: what is shipped, in which form, and the hash that the lock file holds it to.
import { createHash } from "node:crypto";

/** @typedef {import("./packages.mjs").Package} Package */
/** @typedef {{ version: string; epoch: number; inFiles: Package[]; inBundles: Package[]; node: { version: string; sha256: string } }} Shipped */

/** @param {Shipped} shipped */
export function createSbom({ version, epoch, inFiles, inBundles, node }) {
	/** @type {Map<string, ReturnType<typeof component>>} */
	const components = new Map();
	for (const one of inBundles) components.set(purlOf(one), component(one, "inside the bundles of the screen and the shell"));
	for (const one of inFiles) components.set(purlOf(one), component(one, "files of its own"));
	const list = [...components.values()].sort((a, b) => (a.purl < b.purl ? -1 : 1));
	const own = `pkg:generic/phoenix-engine@${version}`;
	return {
		bomFormat: "CycloneDX",
		specVersion: "1.6",
		serialNumber: `urn:uuid:${uuidOf(JSON.stringify([version, list, node]))}`,
		version: 1,
		metadata: {
			timestamp: new Date(epoch * 1_000).toISOString(),
			component: {
				type: "application",
				"bom-ref": own,
				name: "phoenix-engine",
				version,
				purl: own,
				licenses: [{ license: { id: "Apache-2.0" } }],
			},
		},
		components: [runtime(node), ...list],
		dependencies: [{ ref: own, dependsOn: [`pkg:generic/node@${node.version}`, ...list.map(({ purl }) => purl)] }],
	};
}

/** @param {Package} one */
const purlOf = ({ name, version }) => `pkg:npm/${name.replace("@", "%40")}@${version}`;

/** @param {Package} one @param {string} form */
function component(one, form) {
	const [group, name] = one.name.startsWith("@") ? one.name.split("/") : [undefined, one.name];
	const [algorithm, digest = ""] = one.integrity.split("-");
	const isExpression = /\b(AND|OR)\b/.test(one.licence);
	return {
		type: "library",
		"bom-ref": purlOf(one),
		...(group === undefined ? {} : { group }),
		name,
		version: one.version,
		purl: purlOf(one),
		licenses: [isExpression ? { expression: one.licence } : { license: { id: one.licence } }],
		...(algorithm === "sha512" ? { hashes: [{ alg: "SHA-512", content: Buffer.from(digest, "base64").toString("hex") }] } : {}),
		properties: [{ name: "phoenix:shipped", value: form }],
	};
}

/** @param {Shipped["node"]} node */
function runtime({ version, sha256 }) {
	return {
		type: "platform",
		"bom-ref": `pkg:generic/node@${version}`,
		name: "node",
		version,
		purl: `pkg:generic/node@${version}`,
		licenses: [{ license: { name: "Node.js licence, see THIRD-PARTY.txt" } }],
		hashes: [{ alg: "SHA-256", content: sha256 }],
		properties: [{ name: "phoenix:shipped", value: "files of its own" }],
	};
}

/** A name-based UUID (version 8): the same content has the same number. @param {string} text */
function uuidOf(text) {
	const hex = createHash("sha256").update(text).digest("hex");
	return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
