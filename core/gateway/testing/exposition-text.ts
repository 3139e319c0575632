export { type ReadExposition, type ReadSample, readExposition, sumOf } from "../hot/testing/exposition-text.ts";
