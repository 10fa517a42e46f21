/** Verdicts are told by sign and word, never by colour alone. */
export const MARKS = { pass: '✓', warn: '!', fail: '✗', unknown: '?', skip: '–' } as const;
