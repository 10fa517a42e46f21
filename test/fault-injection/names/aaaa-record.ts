import { changeCorefile } from '../support/corefile.ts';
import type { FaultInjection } from '../support/fault-injection.ts';

export const fault: FaultInjection = {
  category: 'names',
  what: 'a public name has an AAAA record that leads out of the lab',
  names: /fd00::7/,
  commit: (bench) =>
    changeCorefile(
      bench,
      `template IN AAAA ${bench.lab.hosts.httpbin} {\n answer "{{ .Name }} 5 IN AAAA fd00::7"\n }`,
    ),
  extended: true,
  turns: { 'MD-NAME-006': 'fail NAME_OTHER_LISTENER', 'MD-NAME-003': 'fail NAME_NOT_THE_EDGE' },
};
