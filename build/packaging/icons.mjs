// `node build/packaging/icons.mjs`: assets/icons from renderer/phoenix.svg, drawn by Chromium. The results are committed; this
// runs again only when the drawing changes. Windows and macOS keep several sizes in one file, each of them a PNG.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { provideBrowser } from "../browser.mjs";
import { root } from "../runtime.mjs";

const out = join(root, "assets/icons");
const sizes = [16, 24, 32, 48, 64, 128, 256, 512, 1024];
/** Names of Apple's icon elements. @type {Record<string, number>} */
const icnsTypes = { icp4: 16, icp5: 32, icp6: 64, ic07: 128, ic08: 256, ic09: 512, ic10: 1024, ic11: 32, ic12: 64, ic13: 256, ic14: 512 };

/** @param {Map<number, Buffer>} pictures by size @param {number[]} wanted @returns {Buffer} */
export function ico(pictures, wanted) {
	const header = Buffer.alloc(6 + 16 * wanted.length);
	header.writeUInt16LE(1, 2);
	header.writeUInt16LE(wanted.length, 4);
	let offset = header.length;
	const parts = wanted.map((size, index) => {
		const png = pictures.get(size) ?? Buffer.alloc(0);
		const at = 6 + 16 * index;
		// 256 is written as 0.
		header.writeUInt8(size % 256, at);
		header.writeUInt8(size % 256, at + 1);
		header.writeUInt16LE(1, at + 4);
		header.writeUInt16LE(32, at + 6);
		header.writeUInt32LE(png.length, at + 8);
		header.writeUInt32LE(offset, at + 12);
		offset += png.length;
		return png;
	});
	return Buffer.concat([header, ...parts]);
}

/** @param {Map<number, Buffer>} pictures by size @returns {Buffer} */
export function icns(pictures) {
	const parts = Object.entries(icnsTypes).map(([type, size]) => {
		const png = pictures.get(size) ?? Buffer.alloc(0);
		const head = Buffer.from(`${type}\0\0\0\0`, "latin1");
		head.writeUInt32BE(png.length + 8, 4);
		return Buffer.concat([head, png]);
	});
	const body = Buffer.concat(parts);
	const head = Buffer.from("icns\0\0\0\0", "latin1");
	head.writeUInt32BE(body.length + 8, 4);
	return Buffer.concat([head, body]);
}

/** @param {string} svg @returns {Promise<Map<number, Buffer>>} */
async function draw(svg) {
	const browser = await chromium.launch({ executablePath: provideBrowser(), args: ["--no-sandbox", "--force-device-scale-factor=1"] });
	try {
		const page = await browser.newPage({ viewport: { width: 1024, height: 1024 } });
		const pictures = new Map();
		for (const size of sizes) {
			// A little air around, as the icons beside it have it; small ones need every pixel.
			const inner = Math.round(size * (size > 32 ? 0.86 : 1));
			const at = `position:absolute;left:${(size - inner) / 2}px;top:${(size - inner) / 2}px;width:${inner}px;height:${inner}px`;
			await page.setContent(
				`<body style="margin:0;background:transparent"><img style="${at}" src="data:image/svg+xml;base64,${btoa(svg)}">`,
			);
			await page.waitForFunction("document.images[0].complete");
			pictures.set(size, await page.screenshot({ omitBackground: true, clip: { x: 0, y: 0, width: size, height: size } }));
		}
		return pictures;
	} finally {
		await browser.close();
	}
}

if (process.argv[1] === import.meta.filename) {
	const pictures = await draw(readFileSync(join(root, "renderer/phoenix.svg"), "utf8"));
	mkdirSync(out, { recursive: true });
	for (const size of sizes) writeFileSync(join(out, `${size}x${size}.png`), pictures.get(size) ?? "");
	writeFileSync(join(out, "icon.ico"), ico(pictures, [16, 24, 32, 48, 64, 128, 256]));
	writeFileSync(join(out, "icon.icns"), icns(pictures));
	console.log(`${sizes.length + 2} files in ${out}`);
}
