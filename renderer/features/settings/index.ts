// Settings: what a person chose for this machine, the keyboard in one table, and facts of the engine that are read here, not set.
export { SettingsPlace } from "./place.tsx";
