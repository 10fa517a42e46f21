import { changeCorefile } from '../support/corefile.ts';
import type { FaultInjection } from '../support/fault-injection.ts';

export const fault: FaultInjection = {
  category: 'names',
  what: 'the cluster’s DNS answers for names of the zone that nobody made',
  names: /203\.0\.113\.7|\br[0-9a-f]{12}\./,
  commit: (bench) =>
    changeCorefile(
      bench,
      `template IN A ${bench.lab.domain} {\n match ^r[0-9a-f]{12}\\.\n answer "{{ .Name }} 5 IN A 203.0.113.7"\n fallthrough\n }`,
    ),
  extended: true,
  turns: { 'MD-NAME-007': 'fail NAME_CAUGHT' },
};
