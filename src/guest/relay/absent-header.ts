/** Why a relay answers by itself: nobody opened the tunnel, or the process did not accept the connection. */
export type Absent = 'no-tunnel' | 'no-process';

/** Response header by which the page of a relay is told from an answer of the process. */
export const ABSENT_HEADER = 'meshdev-local';
