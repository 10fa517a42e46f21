import { waitUntil } from '../../../src/run/wait-until.ts';
import { NOTHING, type Harmless } from '../support/harmless.ts';

export const harmless: Harmless = {
  what: 'the IdP is restarted',
  apply: async (bench) => {
    const { containers, idpPort } = bench.lab;
    await bench.docker(['restart', '-t', '1', containers.idp]);
    const health = `fetch('http://127.0.0.1:${idpPort}/healthz').then((answer) => console.log(answer.status), () => {})`;
    await waitUntil(
      async () => {
        const seen = await bench.docker(['exec', containers.idp, 'node', '-e', health]);
        return seen.trim() === '200' ? { done: true } : { seen };
      },
      { what: 'the IdP to answer', timeoutMs: 60_000, signal: AbortSignal.timeout(60_000) },
    );
    return NOTHING;
  },
  concerns: ['MD-OIDC-013', 'MD-OIDC-014'],
};
