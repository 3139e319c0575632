/**
 * Every failure a user can meet, in one table: what happened, what is safe now, what to do.
 * `{name}` is replaced by the datum of that name. Anything thrown that is not a Fault is a bug.
 */
export const faults = {
	SOURCE_MISSING: {
		what: "There is no source code that Phoenix can read in {dir}.",
		safe: "Nothing was started and nothing was changed.",
		todo: "Choose a folder with Python files, or open the sample bank.",
	},
	SOURCE_UNREADABLE: {
		what: "{file} could not be read: {reason}.",
		safe: "Nothing was started and nothing was changed.",
		todo: "Check that the file exists and that this user may read it.",
	},
	FUNCTION_UNKNOWN: {
		what: "There is no function {name} on the map.",
		safe: "Nothing was started and nothing was changed.",
		todo: "Run `phoenix map DIR` to list the functions. Near names: {near}.",
	},
	FUNCTION_UNREACHED: {
		what: "No HTTP route reaches {name}, so no traffic could prove a replacement.",
		safe: "Nothing was started and nothing was changed.",
		todo: "Choose a function that a route reaches, or the route's own handler.",
	},
	UNSUPPORTED: {
		what: "{function} cannot be translated exactly: {construct} at {file}:{line}.",
		safe: "No code was generated; legacy serves as before.",
		todo: "{remedy}",
	},
	BLUEPRINT_INVALID: {
		what: "{file} is not a Logic_Blueprint: {reason}.",
		safe: "Nothing was generated.",
		todo: "Make it again with `phoenix blueprint DIR --function ID`.",
	},
	LEGACY_UNRUN: {
		what: "The source code of {file} could not be run to see what it does: {reason}.",
		safe: "Nothing was changed; what was generated stands, unproved.",
		todo: "Install CPython 3.8 or later (PHOENIX_PYTHON names another one), or make the file load by itself; then check again.",
	},
	TRANSLATION_UNRUN: {
		what: "The translation in {dir} could not be run: {reason}.",
		safe: "The source is as it was, and the files stand as they were written.",
		todo: "Run `node run-vectors.ts` in that folder to see it fail; a translation that does not run is a fault of Phoenix: report it.",
	},
	LEGACY_SILENT: {
		what: "The legacy system does not answer at {address}: {reason}.",
		safe: "No route was changed; Phoenix has started nothing in front of it.",
		todo: "Start the legacy system, or correct its address, and try again.",
	},
	PORT_IN_USE: {
		what: "Port {port} is already used by {owner}.",
		safe: "Nothing was started on another port in its place.",
		todo: "Stop {owner}, or choose another port; {free} is free.",
	},
	MODEL_UNAVAILABLE: {
		what: "The model {model} gave no usable answer: {reason}.",
		safe: "The migration goes on without it; no code was changed.",
		todo: "Check the key, the address and the network; the next try asks again.",
	},
	MODEL_REFUSED: {
		what: "The model {model} refused to answer.",
		safe: "The migration goes on without it; no code was changed.",
		todo: "Look at what was sent; the deterministic search does not need it.",
	},
	MODEL_ENDLESS: {
		what: "The model {model} did not come to an end within {calls} calls.",
		safe: "It was stopped; no code was changed.",
		todo: "Nothing: the deterministic search goes on without it.",
	},
	MODEL_BUDGET: {
		what: "The model was not called: {reason}.",
		safe: "Nothing was sent and nothing was spent beyond the budget.",
		todo: "Raise the budget of the migration, or go on without a model.",
	},
	DATABASE_LOCKED: {
		what: "The database {file} is locked by another process.",
		safe: "Nothing was written to it; legacy serves as before.",
		todo: "Wait for the other process or end its transaction, then resume.",
	},
	SHADOW_LOST: {
		what: "The shadow database fell out of step: {reason}.",
		safe: "Clients are answered by legacy; a request compared on a wrong state counts as state skew, never as clean.",
		todo: "Phoenix clones it again by itself; the evidence so far is kept.",
	},
	DATABASE_UNSUITABLE: {
		what: "Row changes of {file} cannot be followed: {reason}.",
		safe: "Nothing was changed in it; legacy serves as before.",
		todo: "{remedy}",
	},
	DATABASE_WITHOUT_LOG: {
		what: "Row changes of {file} cannot be read from a log: it keeps a rollback journal.",
		safe: "Nothing was changed in it; legacy serves as before.",
		todo: 'Three ways. Switch it, once (it stays; --back takes it back; programs go on): phoenix effects switch "{file}". Or leave it and follow it by triggers, which come and go with the run: --triggers. Or, only to watch, compare its states: phoenix effects "{file}" --snapshot.',
	},
	TRIGGERS_LEFT: {
		what: "The triggers and the change log of Phoenix could not be taken out of {file}: it is locked by another process.",
		safe: "Legacy works as before. The log keeps a fixed number of rows, and the next source that follows the database removes it.",
		todo: 'To remove it now, run: phoenix effects clean "{file}"',
	},
	JOURNAL_FULL: {
		what: "The journal {file} could not be written: {reason}.",
		safe: "All traffic goes to legacy; everything acknowledged so far is on disk.",
		todo: "Free space on that disk, then resume the run.",
	},
	JOURNAL_BROKEN: {
		what: "The journal {file} was altered: the chain of hashes breaks at entry {seq}.",
		safe: "The entries before it are intact; nothing was appended.",
		todo: "Restore the file from a copy, or start with a new state directory.",
	},
	GATEWAY_LOST: {
		what: "The gateway does not answer on its control socket: {reason}.",
		safe: "It keeps serving its last plan, or legacy when it has none.",
		todo: "Phoenix starts it again by itself; if this stays, see its log {log}.",
	},
	AGENT_UNREACHED: {
		what: "The gateway's agent at {address} cannot be used: {reason}.",
		safe: "The gateway keeps serving its last plan, or legacy when it has none.",
		todo: "Check that `phoenix gateway agent` runs there, and that each side's certificate is signed by the authority that the other one trusts.",
	},
	TOOLS_MISSING: {
		what: "{subject} needs {tools}; not found: {missing}.",
		safe: "Nothing was built or started; legacy answers all clients.",
		todo: "Install what is missing, or choose TypeScript, which needs nothing but Node.",
	},
	BUILD_FAILED: {
		what: "The service in {dir} could not be built: {reason}.",
		safe: "It receives no client traffic; legacy answers.",
		todo: "Read {log}; the folder can be built by hand with the command in its README.",
	},
	REPLICA_UNSTARTED: {
		what: "Legacy could not be started a second time with `{command}`: {reason}.",
		safe: "The legacy system itself was not touched, and no generated request was sent.",
		todo: "Read {log}. The command must listen on 127.0.0.1 at the port and use the database file that it is given (`phoenix serve --replica`).",
	},
	SERVICE_FAILED: {
		what: "The service {service} did not become healthy: {reason}.",
		safe: "It receives no client traffic.",
		todo: "See its log {log}.",
	},
	RUN_STATE: {
		what: "{verb} is not possible now: {reason}.",
		safe: "Nothing was changed.",
		todo: "{remedy}",
	},
	PATCH_GATE: {
		what: "{patch} was not applied: {reason}.",
		safe: "Version {version} runs on in shadow; clients are answered by legacy.",
		todo: "Choose other hunks, or refuse the patch and wait for another.",
	},
	EVIDENCE_SHORT: {
		what: "There is not enough evidence to promote {function}: {have} clean requests of {need}.",
		safe: "Legacy serves the route.",
		todo: "Let the run continue; {missing} more clean requests are needed.",
	},
	CORE_ABSENT: {
		what: "No Phoenix core answers at {address}.",
		safe: "A gateway that is running keeps serving its last plan.",
		todo: "Start one with `phoenix serve`.",
	},
	CORE_RUNNING: {
		what: "Another Phoenix core (process {pid}) already works on {dir}.",
		safe: "This one stopped before it changed anything.",
		todo: "Use that one, or end it first, or choose another state directory.",
	},
	INPUT_INVALID: {
		what: "{subject} is not valid: {reason}.",
		safe: "Nothing was changed.",
		todo: "Correct it and try again.",
	},
	BROWSER_MISSING: {
		what: "No Chromium could be found or installed: {reason}.",
		safe: "Nothing else was touched.",
		todo: "Install Chromium from your system's packages, or name its path in PHOENIX_CHROMIUM.",
	},
	CERTIFICATE_UNUSABLE: {
		what: "The certificate {file} cannot be used: {reason}.",
		safe: "Nothing was opened with it; what is open already goes on with the certificates that it has.",
		todo: "Name a PEM certificate and the key that belongs to it, readable for this user, and try again.",
	},
	REQUEST_REFUSED: {
		what: "The request was not understood: {reason}.",
		safe: "It was passed to no system behind the gateway.",
		todo: "Send it again as plain HTTP/1.1.",
	},
	REQUEST_BROKEN: {
		what: "The body of the request could not be read to its end: {reason}.",
		safe: "What was passed on of it was cut off; nobody was told that the request is whole.",
		todo: "Find out whether it took effect before you send it again as plain HTTP/1.1.",
	},
	ROUTE_RETIRED: {
		what: "Nothing answers {method} {path} any more: the legacy system is retired.",
		safe: "The request was passed to no system behind the gateway.",
		todo: "Use a route that has been promoted, or ask the operator of this system.",
	},
	UPSTREAM_UNREACHED: {
		what: "The system behind the gateway could not be reached for {method} {path}: {reason}.",
		safe: "The request was not carried out.",
		todo: "Send it again in a moment.",
	},
	UPSTREAM_LOST: {
		what: "The system behind the gateway broke off while it answered {method} {path}: {reason}.",
		safe: "The request was not repeated; it may have been carried out.",
		todo: "Look up whether it took effect, or send it again with the same idempotency key.",
	},
	RECORDING_FAILED: {
		what: "The recording {file} could not be written: {reason}.",
		safe: "Traffic is served as before; what was written so far can be read.",
		todo: "Free space or choose another place, and record again.",
	},
	RECORDING_UNREADABLE: {
		what: "{file} is not a recording that this version can read: {reason}.",
		safe: "Nothing was sent and nothing was changed.",
		todo: "Name a file written by `phoenix record`, or import it with `phoenix recording import`.",
	},
	REPLAY_REFUSED: {
		what: "Nothing is replayed to {target}: {reason}.",
		safe: "No request was sent.",
		todo: "{remedy}",
	},
	OUTBOUND_REFUSED: {
		what: "The call to {target} was not made: {reason}.",
		safe: "Nothing left this machine.",
		todo: "{remedy}",
	},
	CANCELLED: {
		what: "{what} was cancelled.",
		safe: "{safe}",
		todo: "Start it again when you like.",
	},
	INTERNAL: {
		what: "Phoenix met a fault of its own ({reference}).",
		safe: "A gateway that is running keeps serving its last plan.",
		todo: "Report the reference with the log {log}.",
	},
} as const;

export type FaultCode = keyof typeof faults;
export type FaultData = { code: FaultCode; what: string; safe: string; todo: string; data: Record<string, string> };

/** An expected failure. Its message is the full sentence for a person; `toJSON` is the same for a program. */
export class Fault extends Error {
	readonly code: FaultCode;
	readonly data: Record<string, string>;

	constructor(code: FaultCode, data: Record<string, string | number> = {}, options?: ErrorOptions) {
		const strings = Object.fromEntries(Object.entries(data).map(([key, value]) => [key, String(value)]));
		super(fill(faults[code].what, strings), options);
		this.name = "Fault";
		this.code = code;
		this.data = strings;
	}

	toJSON(): FaultData {
		const { what, safe, todo } = faults[this.code];
		const { code, data } = this;
		return { code, what: fill(what, data), safe: fill(safe, data), todo: fill(todo, data), data };
	}
}

/** Why, where what it is about is said already. */
export const reasonOf = (fault: Fault): string => String(fault.data.reason ?? fault.message);

/** The fault itself, or INTERNAL with a reference for whatever else was thrown. */
export function faultOf(error: unknown, reference: string, log = "(none)"): Fault {
	return error instanceof Fault ? error : new Fault("INTERNAL", { reference, log }, { cause: error });
}

function fill(template: string, data: Record<string, string>): string {
	return template.replace(/\{(\w+)\}/g, (whole, name: string) => data[name] ?? whole);
}
