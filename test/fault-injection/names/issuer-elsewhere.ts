import { changeCorefile } from '../support/corefile.ts';
import type { FaultInjection } from '../support/fault-injection.ts';

export const fault: FaultInjection = {
  category: 'names',
  what: 'the cluster’s DNS leads the issuer’s name elsewhere',
  names: /203\.0\.113\.7/,
  commit: (bench) =>
    changeCorefile(
      bench,
      `template IN A ${bench.lab.hosts.auth} {\n answer "{{ .Name }} 5 IN A 203.0.113.7"\n }`,
    ),
  extended: true,
  turns: { 'MD-NAME-004': 'fail NAME_NOT_THE_EDGE', 'MD-NAME-003': 'fail NAME_NOT_THE_EDGE' },
};
