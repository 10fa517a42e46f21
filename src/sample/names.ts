/** Ids of the sample services, which are the names of their service accounts too: one that is exposed, and one that only pods call. */
export const APP_ID = 'httpbin';
export const INTERNAL_ID = 'ledger';

export type SampleId = typeof APP_ID | typeof INTERNAL_ID;

/** The program that both run; its image has the same name. */
export const ECHO_PROGRAM = 'go-httpbin';

/** People of the sample: one for each of its two roles, and one without any. */
export const ADMIN = 'alice';
export const VIEWER = 'bob';
export const ROLELESS = 'eve';
