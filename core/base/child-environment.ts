/** What a program needs to find itself, its language and its temporary files. Keys, tokens and what steers another Node are not in it. */
const kept = [
	"PATH",
	"HOME",
	"TZ",
	"LANG",
	"LC_ALL",
	"TMPDIR",
	"NODE_COMPILE_CACHE",
	"PYTHONDONTWRITEBYTECODE",
	// Windows: names are the same there however they are written.
	"TEMP",
	"TMP",
	"USERPROFILE",
	"SystemRoot",
	"ComSpec",
	"PATHEXT",
] as const;

/** The environment of a program that the engine starts: what it must have of `env`, and nothing else. */
export function childEnvironment(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
	return Object.fromEntries(kept.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])));
}
