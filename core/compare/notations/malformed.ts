/** Why a text is not what it claims to be; `at` counts UTF-16 units from 0. */
export type Malformed = { malformed: string; at: number };
