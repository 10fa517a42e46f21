import { withoutCredentials } from '../credential-forms.ts';

export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

export type Log = (event: string, fields?: LogFields) => void;

/**
 * One JSON object a line on stdout: `ts` (RFC 3339), `event`, and the fields. Some of them are of a client's making,
 * or quote it, as errors do: what looks like a credential is cut out of every line.
 */
export const logLine: Log = (event, fields = {}) => {
  const line = JSON.stringify({ ts: new Date().toISOString(), event, ...fields });
  process.stdout.write(`${withoutCredentials(line)}\n`);
};
