import { dottedPath, visitBody } from "../walk.ts";
import { type FoundRoute, functionId, type RouteFinder } from "./found-route.ts";

/** CGI scripts: files of a `cgi-bin`, and scripts that print a content type. The address is the file; the first function it calls answers. */
export const cgiRoutes: RouteFinder = (program, names) => {
	const found: FoundRoute[] = [];
	for (const module of program.modules) {
		const inFolder = /(^|\/)cgi-bin\//.test(module.file);
		let prints = false;
		let handler: string | null = null;
		visitBody(module.body, (expr) => {
			if (expr.kind !== "call") return;
			const [first] = expr.args;
			const isPrint = dottedPath(expr.callee)?.join(".") === "print" || dottedPath(expr.callee)?.join(".") === "sys.stdout.write";
			if (isPrint && first?.kind === "string" && /^content-type:/i.test(first.value)) prints = true;
			handler ??= functionId(expr.callee, { module: module.name, decl: null }, names);
		});
		if (!prints && !inFolder) continue;
		const address = inFolder ? module.file.replace(/^.*?(cgi-bin\/)/, "/$1") : `/${module.file}`;
		found.push({ method: "ANY", path: address, handler: handler ?? module.name, file: module.file, line: 1, framework: "cgi" });
	}
	return found;
};
