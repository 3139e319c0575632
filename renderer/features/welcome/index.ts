// The first screen, while no code base is open: what Phoenix is, and two ways in.
export { Welcome } from "./welcome.tsx";
