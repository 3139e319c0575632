// The dependency graph and what can be computed from it without any I/O: reachability, isolation, inspection, ranking.
// Also the typed source tree (`Program`) that a language front end hands over, with name and SQL lookup on it,
// because mapper and blueprint both read it. It parses no language and knows no screen.
export { type Bundle, bundlesOf } from "./bundles.ts";
export { handlersOf, type RequestHandler, type RouteTable, routeTables } from "./frameworks/http-server.ts";
export { type FoundRoute, routesOf } from "./frameworks/index.ts";
export { extractFirst, inspectFunction, nearNames, resolveFunction } from "./inspect.ts";
export { entanglementOf, isolationOf } from "./isolation.ts";
export { layOutGraph } from "./layout/lay-out.ts";
export { complexityOf, locOf } from "./metrics.ts";
export { type Meaning, type ModuleValue, type Names, namesOf } from "./names.ts";
export { outsideKind } from "./outside.ts";
export { mapPicture, type PictureOptions } from "./picture/picture.ts";
export { adjacencyOf } from "./points-to/adjacency.ts";
export { type CallEdge, type PointsTo, pointsTo, pointsToSteps } from "./points-to/analyse.ts";
export type {
	ClassDecl,
	FunctionDecl,
	Import,
	Module,
	Parameter,
	Program,
	SourceExpr,
	SourceHandler,
	SourceStmt,
} from "./program.ts";
export { bareName, functionNode, type GraphIndex, indexGraph, moduleNode, routeNode, tableNode } from "./reach.ts";
export { type Affinity, addDefinitions, affinityOf, type SqlColumn, type SqlSchema, type SqlTable } from "./sql/schema.ts";
export type { SqlColumnType } from "./sql/select.ts";
export { parseStatement, type SqlKind, type SqlParam, type SqlStatement } from "./sql/statement.ts";
export { constantText, schemaOf } from "./texts.ts";
export { childrenOf, dottedPath, partsOf, visitBody, visitSourceExprs } from "./walk.ts";
export { createWeigher, weigherSteps } from "./weigh.ts";
