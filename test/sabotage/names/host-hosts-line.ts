import { addHostsLine } from '../support/hosts-file.ts';
import type { Sabotage } from '../support/sabotage.ts';

export const sabotage: Sabotage = {
  category: 'names',
  what: 'a hosts line of this machine sends the app’s name elsewhere',
  commit: ({ lab }) => addHostsLine(`203.0.113.7 ${lab.hosts.httpbin}`),
  extended: true,
  turns: { 'MD-NAME-001': 'fail NAME_NOT_LOOPBACK' },
};
