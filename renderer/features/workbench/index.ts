// Source, blueprint and generated code beside each other, over the whole window: what one chooses in one of them is shown in
// the others. What leads from legacy to the code is the engine's trace; nothing is matched by guess here.
export { Workbench } from "./workbench.tsx";
