// What the gateway mirrors by itself is compared here: exchanges and the shadow's answers are brought together by their number, judged by
// `core/compare` in the notation of their protocol, and counted so that every exchange is accounted for. It is not the lockstep lane:
// no row is looked at, and no verdict moves traffic. Rules: core/gateway/SPEC.md, "Comparison".
export { compareMirrors, type MirrorComparison } from "./compare-mirrors.ts";
export { readReport, readSettings, settingsOf, writeSettings } from "./report-file.ts";
