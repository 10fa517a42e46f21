import { addHostsLine } from '../support/hosts-file.ts';
import type { FaultInjection } from '../support/fault-injection.ts';

export const fault: FaultInjection = {
  category: 'names',
  what: 'a hosts line of this machine sends the app’s name elsewhere',
  names: /203\.0\.113\.7/,
  commit: ({ lab }) => addHostsLine(`203.0.113.7 ${lab.hosts.httpbin}`),
  extended: true,
  turns: { 'MD-NAME-001': 'fail NAME_NOT_LOOPBACK' },
};
