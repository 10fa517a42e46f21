import { CALLBACK_PATH } from '../../../src/idp/idp-config.ts';
import type { Bench } from '../support/bench.ts';
import type { Sabotage } from '../support/sabotage.ts';

const CONFIG = '/etc/meshdev/idp.json';
const WRITE = `require('node:fs').writeFileSync('${CONFIG}', require('node:fs').readFileSync(0))`;

export const sabotage: Sabotage = {
  category: 'authentication',
  what: 'the IdP knows one redirect URI too many',
  commit: async (bench) => {
    const { idp } = bench.lab.containers;
    const before = await bench.docker(['exec', idp, 'cat', CONFIG]);
    const good = `http://127.0.0.1${CALLBACK_PATH}`;
    const after = before.replace(`"${good}"`, `"${good}","${good}/x"`);
    if (after === before) throw new Error('the change leaves the configuration of the IdP as it is');
    await restartWith(bench, after);
    return () => restartWith(bench, before);
  },
  turns: { 'MD-OIDC-008': 'fail OIDC_REDIRECT_TAKEN' },
};

async function restartWith(bench: Bench, config: string): Promise<void> {
  const { idp } = bench.lab.containers;
  await bench.docker(['exec', '-i', idp, 'node', '-e', WRITE], config);
  await bench.docker(['restart', '-t', '1', idp]);
}
