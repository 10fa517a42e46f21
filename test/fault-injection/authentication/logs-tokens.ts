import { changeIdpFile } from '../support/idp.ts';
import { madeAnew } from '../support/logs.ts';
import type { FaultInjection } from '../support/fault-injection.ts';

export const fault: FaultInjection = {
  category: 'authentication',
  what: 'the IdP logs what it answers',
  names: /meshdev-\S*idp|the IdP/,
  commit: async (bench) => {
    await changeIdpFile(bench, '/opt/meshdev/guest/idp/observe.js', (source) =>
      source.replace(
        'log(event, { client: ctx.oidc?.client?.clientId })',
        'console.log(JSON.stringify(ctx.body))',
      ),
    );
    return () => madeAnew(bench, bench.lab.containers.idp);
  },
  extended: true,
  turns: { 'MD-OIDC-015': 'fail OIDC_OTHER_PROGRAM', 'MD-EXPO-010': 'fail EXPO_SECRET_LEAKED' },
};
