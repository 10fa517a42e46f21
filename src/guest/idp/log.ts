export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

export type Log = (event: string, fields?: LogFields) => void;

/** One JSON object a line on stdout: `ts` (RFC 3339), `event`, and the fields, which hold no secrets. */
export const logLine: Log = (event, fields = {}) => {
  process.stdout.write(`${JSON.stringify({ ts: new Date().toISOString(), event, ...fields })}\n`);
};
