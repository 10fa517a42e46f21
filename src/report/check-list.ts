import type { AnyCheck } from '../checks/check.ts';
import { json } from './json.ts';

/** Which services of meshdev.yaml a check is judged of as well as of the lab. */
const SCOPES = {
  service: { key: 'all', text: 'and of each service' },
  exposed: { key: 'exposed', text: 'and of each exposed service' },
} as const;

/** The catalogue as `check --list` prints it: a line for each check. */
export function checkListText(checks: readonly AnyCheck[]): string {
  return checks.map(line).join('');
}

function line({ id, polarity, hop, title, service }: AnyCheck): string {
  const also = service === undefined ? '' : `   (${SCOPES[service.scope].text})`;
  return `${id.padEnd(12)} ${polarity === 'negative' ? '-' : '+'} ${hop.padEnd(18)} ${title}${also}\n`;
}

/** The same as a document; `services` is there where a check is judged of services. */
export function checkListJson(checks: readonly AnyCheck[]): string {
  const facts = checks.map(({ id, polarity, hop, title, service }) => {
    const scope = service === undefined ? {} : { services: SCOPES[service.scope].key };
    return { id, polarity, hop, title, ...scope };
  });
  return json({ schemaVersion: '1', kind: 'CheckList', checks: facts });
}
