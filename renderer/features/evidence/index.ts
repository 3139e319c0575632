// The journal by question: saved and free SQL over its projection, and the check of its chain of hashes.
export { EvidencePlace } from "./place.tsx";
