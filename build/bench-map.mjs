// `npm run bench:map [-- --json]`: how fast the mapper reads and links, what a million lines take, what one changed file costs.
// Seeded corpora (build/synthetic-project.mjs), and Python's own library where python3 is there, which is also the peer: its `ast.parse`
// over the same files, in as many processes as there are cores. With --json the last line is {linesPerSecond, peakMB, rescanMs}.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { environment, nodeBinary, root } from "./runtime.mjs";
import { writeSyntheticProject } from "./synthetic-project.mjs";

/** Functions of the generated corpora: about 14 lines each. */
const million = 70_500;
const hundredThousand = 7_200;
const goals = { linesPerSecond: 60_000, peakMB: 1_536, rescanMs: 300 };

const asJson = process.argv.includes("--json");
const home = mkdtempSync(join(tmpdir(), "phoenix-bench-map-"));
const say = (/** @type {string} */ line) => (asJson ? console.error(line) : console.log(line));

const peer = `
import ast, json, os, sys, time, warnings
from multiprocessing import Pool
warnings.simplefilter("ignore")
def parse(path):
    with open(path, "rb") as file: data = file.read()
    try: ast.parse(data)
    except (SyntaxError, ValueError, RecursionError): return (data.count(b"\\n"), 1)
    return (data.count(b"\\n"), 0)
if __name__ == "__main__":
    skip = {"site-packages", "__pycache__", "node_modules", "venv", ".venv", "env", ".git"}
    paths = []
    for folder, folders, names in os.walk(sys.argv[1]):
        folders[:] = [name for name in folders if name not in skip]
        paths += [os.path.join(folder, name) for name in names if name.endswith(".py")]
    started = time.perf_counter()
    with Pool(int(sys.argv[2])) as pool: found = pool.map(parse, paths, 16)
    ms = (time.perf_counter() - started) * 1000
    print(json.dumps({"files": len(paths), "lines": sum(n for n, _ in found), "refused": sum(bad for _, bad in found), "ms": round(ms)}))
`;

/** @param {string[]} args */
function measure(args) {
	const script = join(root, "core/mapper/bench/measure-map.ts");
	return JSON.parse(execFileSync(nodeBinary(), [script, ...args], { cwd: root, env: environment(), encoding: "utf8", maxBuffer: 1 << 24 }));
}

/** @param {string} dir */
function measurePeer(dir) {
	const cores = String(availableParallelism());
	return JSON.parse(execFileSync("python3", ["-c", peer, dir, cores], { cwd: home, env: environment(), encoding: "utf8" }));
}

function pythonLibrary() {
	try {
		const code = "import os; print(os.path.dirname(os.__file__))";
		return execFileSync("python3", ["-c", code], { cwd: home, env: environment(), encoding: "utf8" }).trim();
	} catch {
		return null;
	}
}

/** @param {string} name @param {string} dir @param {boolean} hasPython */
function row(name, dir, hasPython) {
	const cold = measure(["map", dir]);
	const cache = join(home, "cache");
	measure(["map", dir, "--cache", cache]);
	const warm = measure(["map", dir, "--cache", cache]);
	rmSync(cache, { recursive: true, force: true });
	const other = hasPython ? measurePeer(dir) : null;
	const perSecond = (/** @type {{ lines: number; ms: number }} */ { lines, ms }) => Math.round((1000 * lines) / ms).toLocaleString("en");
	const shares = Object.entries(cold.phases)
		.map(([unit, ms]) => `${unit} ${ms}`)
		.join(", ");
	say(
		`${name}: ${cold.files} files, ${cold.lines.toLocaleString("en")} lines: ${perSecond(cold)} lines/s (${cold.ms} ms: ${shares}), with trees kept ${perSecond(warm)} lines/s, peak ${cold.peakMB} MB, ${cold.notRead} places not read${other ? `; ast.parse alone ${perSecond(other)} lines/s, ${other.refused} files refused` : ""}`,
	);
	return cold;
}

try {
	const library = pythonLibrary();
	say(
		`${availableParallelism()} cores, Node ${execFileSync(nodeBinary(), ["-p", "process.version"], { cwd: root, encoding: "utf8" }).trim()}`,
	);
	const [small, large] = [join(home, "small"), join(home, "large")];
	writeSyntheticProject(small, { functions: hundredThousand, seed: 1 });
	writeSyntheticProject(large, { functions: million, seed: 1 });
	const middle = row("100,000 generated lines", small, library !== null);
	const big = row("a million generated lines", large, library !== null);
	if (library === null) say("python3 is not here: neither its library nor ast.parse was measured.");
	else row("Python's own library", library, true);
	const rescan = measure(["rescan", small]);
	say(
		`one changed file of ${rescan.lines.toLocaleString("en")} lines: ${rescan.medianMs} ms until the new map is there (${rescan.times.join(", ")})`,
	);
	const figures = { linesPerSecond: big.linesPerSecond, peakMB: big.peakMB, rescanMs: rescan.medianMs };
	const met = (/** @type {boolean} */ isMet) => (isMet ? "met" : "not met");
	say(
		`goals: ${goals.linesPerSecond} lines/s ${met(figures.linesPerSecond >= goals.linesPerSecond)} (at 100,000 lines ${middle.linesPerSecond}), below ${goals.peakMB} MB at a million lines ${met(figures.peakMB < goals.peakMB)}, a changed file within ${goals.rescanMs} ms ${met(figures.rescanMs <= goals.rescanMs)}`,
	);
	if (asJson) console.log(JSON.stringify(figures));
} finally {
	rmSync(home, { recursive: true, force: true });
}
