import { expect, test } from "vitest";
import { compare } from "../compare.ts";

const policy = { random: [], clock: [], clockSlackMs: 0, window: { from: 0, to: 0 } };
const verdictOf = (legacy: string, modern: string) =>
	compare(
		{ status: 200, contentType: "text/xml", body: legacy, changes: [] },
		{ status: 200, contentType: "text/xml", body: modern, changes: [] },
		policy,
	);

const soap = (prefix: string) =>
	`<${prefix}:Envelope xmlns:${prefix}="urn:soap"><${prefix}:Body><r xmlns="urn:bank" ${prefix}:actor="x"><A>1</A></r></${prefix}:Body></${prefix}:Envelope>`;

test("[C17] another prefix for the same namespace, or none, is the same name", () => {
	expect(verdictOf(soap("soap"), soap("S")).kind).toBe("equivalent");
	expect(verdictOf('<p:r xmlns:p="urn:bank"><p:A>1</p:A></p:r>', '<r xmlns="urn:bank"><A>1</A></r>').kind).toBe("equivalent");
	expect(verdictOf('<r xmlns="urn:bank"><A>1</A></r>', '<r xmlns="urn:bank" xmlns:unused="urn:x"><A>1</A></r>').kind).toBe("equivalent");
});

test("[C17] another namespace under the same name is a difference, of an attribute too", () => {
	expect(verdictOf('<r xmlns="urn:bank"><A>1</A></r>', '<r xmlns="urn:bnak"><A>1</A></r>').differences).toMatchObject([
		{ field: "answer/@xmlns", legacy: "urn:bank", modern: "urn:bnak" },
	]);
	expect(verdictOf('<r xmlns:a="urn:1" a:k="v"><A>1</A></r>', '<r xmlns:a="urn:2" a:k="v"><A>1</A></r>').kind).toBe("mismatch");
	expect(verdictOf('<r xmlns="urn:bank"><A>1</A></r>', '<r xmlns="urn:bank"><A xmlns="">1</A></r>').kind).toBe("mismatch");
});

test("[C17] values are found by their local names, and an undeclared prefix stays part of its name", () => {
	expect(verdictOf(soap("soap"), soap("S").replace(">1<", ">2<")).differences).toMatchObject([{ field: "answer/Body/r/A", legacy: "1" }]);
	expect(verdictOf("<x:r><A>1</A></x:r>", "<y:r><A>1</A></y:r>").kind).toBe("mismatch");
});

test("[C17] a prefix that a value uses counts with its declaration: nothing is waved through that it may mean", () => {
	const typed = (uri: string) => `<r xmlns:i="urn:i" xmlns:x="${uri}"><A i:type="x:T">1</A></r>`;
	expect(verdictOf(typed("urn:u"), typed("urn:v")).kind).toBe("mismatch");
	expect(verdictOf(typed("urn:u"), typed("urn:u")).kind).toBe("identical");
	const fault = (uri: string, code: string) => `<r xmlns:q="${uri}"><faultcode>${code}</faultcode></r>`;
	expect(verdictOf(fault("urn:u", "q:Client"), fault("urn:v", "q:Client")).kind).toBe("mismatch");
	expect(verdictOf(fault("urn:u", "<![CDATA[q:Client]]>"), fault("urn:v", "<![CDATA[q:Client]]>")).kind).toBe("mismatch");
	expect(verdictOf(fault("urn:u", "Client"), fault("urn:v", "Client")).kind).toBe("equivalent");
});

test("[C17] two attributes of one namespace and name hide nothing", () => {
	const twice = (value: string) => `<A xmlns:a="urn:u" xmlns:b="urn:u" a:x="${value}" b:x="2"/>`;
	expect(verdictOf(twice("1"), twice("9")).kind).toBe("mismatch");
});
