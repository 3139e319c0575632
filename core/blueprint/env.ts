import type { Expr } from "../contract/ir.ts";
import type { FunctionDecl } from "../graph/index.ts";
import { join, type Kind, sameKind } from "./types.ts";

/** A local that stands for something the IR has no value for: it is followed, never emitted. */
export type Static =
	| { kind: "function"; decl: FunctionDecl }
	| { kind: "none" }
	/** A part of the request that is constant on this route. */
	| { kind: "text"; value: string }
	/** The result of `execute`: `rows` is the local that holds what is fetched. */
	| { kind: "cursor"; connection: Expr; rows: string | null; rowId: string | null; rowCount: string | null };

/** One name at one point: which of its versions holds, what it is narrowed to, and whether it is surely bound. */
export type Binding = { version: number; narrowed: Kind | null; sure: boolean; fixed: Static | null };

/** What is known of the locals at one point of a function. `dead`: this point is never reached. */
export type Env = { names: Map<string, Binding | "ambiguous">; paths: Map<string, Kind>; dead: boolean };

export const newEnv = (): Env => ({ names: new Map(), paths: new Map(), dead: false });
export const cloneEnv = (env: Env): Env => ({ names: new Map(env.names), paths: new Map(env.paths), dead: env.dead });

/** What holds where several ways meet: only what all of them agree on. */
export function mergeEnvs(envs: readonly Env[]): Env {
	const live = envs.filter((env) => !env.dead);
	const [first, ...others] = live;
	if (!first) return { ...cloneEnv(envs[0] ?? newEnv()), dead: true };
	const merged = cloneEnv(first);
	for (const env of others) {
		for (const [name, mine] of merged.names) {
			const theirs = env.names.get(name);
			if (theirs === undefined) merged.names.set(name, mine === "ambiguous" ? mine : { ...mine, sure: false });
			else merged.names.set(name, meet(mine, theirs));
		}
		for (const [name, theirs] of env.names) {
			if (!merged.names.has(name)) merged.names.set(name, theirs === "ambiguous" ? theirs : { ...theirs, sure: false });
		}
		for (const [path, type] of merged.paths) {
			const theirs = env.paths.get(path);
			if (!theirs || !sameKind(theirs, type)) merged.paths.delete(path);
		}
	}
	return merged;
}

function meet(a: Binding | "ambiguous", b: Binding | "ambiguous"): Binding | "ambiguous" {
	if (a === "ambiguous" || b === "ambiguous") return "ambiguous";
	if (a.version !== b.version || JSON.stringify(a.fixed) !== JSON.stringify(b.fixed)) return "ambiguous";
	const narrowed = a.narrowed && b.narrowed ? join(a.narrowed, b.narrowed) : null;
	return { version: a.version, narrowed, sure: a.sure && b.sure, fixed: a.fixed };
}

export function sameEnv(a: Env, b: Env): boolean {
	const shape = (env: Env) =>
		JSON.stringify([[...env.names].sort(([x], [y]) => (x < y ? -1 : 1)), [...env.paths].sort(([x], [y]) => (x < y ? -1 : 1)), env.dead]);
	return shape(a) === shape(b);
}

/** Forgets what is known of a name because it was assigned. */
export function forget(env: Env, name: string): void {
	for (const path of env.paths.keys()) if (path.startsWith(`${name}[`) || path.startsWith(`${name}.`)) env.paths.delete(path);
}
