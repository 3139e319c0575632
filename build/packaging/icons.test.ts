import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { root } from "../runtime.mjs";

const read = (name: string) => readFileSync(join(root, "assets/icons", name));
const isPng = (bytes: Buffer) => bytes.subarray(1, 4).toString() === "PNG";

it("every size of icon.ico is a picture of that size", () => {
	const file = read("icon.ico");
	const count = file.readUInt16LE(4);
	expect(count).toBe(7);
	for (let at = 6; at < 6 + 16 * count; at += 16) {
		const png = file.subarray(file.readUInt32LE(at + 12)).subarray(0, file.readUInt32LE(at + 8));
		expect(isPng(png)).toBe(true);
		expect(png.readUInt32BE(16) % 256).toBe(file.readUInt8(at));
	}
});

it("every element of icon.icns is a picture, and together they are the file", () => {
	const file = read("icon.icns");
	expect(file.readUInt32BE(4)).toBe(file.length);
	const types: string[] = [];
	for (let at = 8; at < file.length; at += file.readUInt32BE(at + 4)) {
		expect(isPng(file.subarray(at + 8))).toBe(true);
		types.push(file.subarray(at, at + 4).toString());
	}
	expect(types).toEqual(expect.arrayContaining(["ic07", "ic08", "ic09", "ic10"]));
});
