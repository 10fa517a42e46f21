import { addHostsLine } from '../support/hosts-file.ts';
import type { FaultInjection } from '../support/fault-injection.ts';

/** curl answers for names below localhost by itself, and so finds the edge where others do not. */
export const fault: FaultInjection = {
  category: 'names',
  what: 'a hosts line of this machine sends the app’s name to a loopback address where nobody listens',
  names: /127\.0\.0\.2/,
  commit: ({ lab }) => addHostsLine(`127.0.0.2 ${lab.hosts.httpbin}`),
  extended: true,
  turns: { 'MD-NAME-002': 'warn NAME_RESOLVERS_DIFFER', 'MD-NAME-006': 'fail NAME_OTHER_LISTENER' },
};
