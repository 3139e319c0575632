/**
 * The way to a language model: one interface, Claude behind it, a budget, and the loop that performs tool calls.
 * It chooses no content and decides nothing: what may be sent is put together by `core/app`, and what comes back is checked by a gate.
 */
export { type AnthropicOptions, createAnthropicModel } from "./anthropic.ts";
export { type Budget, type BudgetLimits, createBudget } from "./budget.ts";
export { asData, type Conversation, type Conversed, converse } from "./converse.ts";
export type { CallRecord, Model, ModelAnswer, ModelRequest, Part, Tool, Turn, Usage } from "./model.ts";
export { costOf, listPrices, type Price, pricesAsOf } from "./prices.ts";
