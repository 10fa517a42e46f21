import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { edgeRequest } from '../../../src/edge/edge-request.ts';
import { shots } from '../../support/fuzz/http-arbitrary.ts';
import { fillFrom, IDP_ROUTES, idpKnowledge, type IdpState } from '../../support/fuzz/idp-knowledge.ts';
import { beginIdpState } from '../../support/fuzz/idp-state.ts';
import { FUZZ_SECONDS, FUZZ_SEED, runFuzz } from '../../support/fuzz/run-fuzz.ts';
import { IdpBehindTls, PASSWORDS } from './support/idp-behind-tls.ts';

let running: IdpBehindTls;

beforeAll(async () => {
  running = await IdpBehindTls.start();
});

afterAll(async () => {
  await running[Symbol.asyncDispose]();
});

describe('the identity provider', () => {
  it('has no route that the fuzz test does not know', async () => {
    const { body } = await edgeRequest(
      running.access,
      new URL(`${running.lab.issuer}/.well-known/openid-configuration`),
      { method: 'GET' },
    );
    const published = [...body.matchAll(/"(https:[^"]+)"/g)].map(([, url = '']) => new URL(url).pathname);
    expect(published.length).toBeGreaterThan(8);
    const known: readonly string[] = IDP_ROUTES;
    expect(published.filter((path) => path !== '/' && !known.includes(path))).toEqual([]);
  });

  it(
    `survives whatever is sent to any route for ${FUZZ_SECONDS} s (seed ${FUZZ_SEED})`,
    async () => {
      let state: IdpState = await beginIdpState(running.access);
      let volley = 0;
      const { pid } = running.idp.child;
      const figures = await runFuzz({
        target: { host: '127.0.0.1', port: running.upstreamPort },
        shots: shots(
          idpKnowledge(new URL(running.lab.issuer).host, running.lab.clients.cli, Object.values(PASSWORDS)),
        ),
        fill: fillFrom(() => state),
        seconds: FUZZ_SECONDS,
        seed: FUZZ_SEED,
        harm: async () => harmOf(running),
        revive: async () => {
          if (running.idp.child.exitCode === null && running.idp.child.signalCode === null) {
            // Interactions end, and the provider's memory drops the oldest: new ones keep the forms reachable.
            if ((volley += 1) % 3 === 0) state = await beginIdpState(running.access);
            return;
          }
          await running.startIdp();
          state = await beginIdpState(running.access);
        },
      });
      process.stderr.write(`${JSON.stringify({ seed: FUZZ_SEED, ...figures })}\n`);
      expect(running.idp.child.pid).toBe(pid);
      expect(figures.connections).toBeGreaterThan(20);
      // It was understood: forms and pages were reached, and not only what refuses everything.
      for (const status of [200, 400]) expect(figures.statuses).toHaveProperty(String(status));
    },
    (FUZZ_SECONDS + 60) * 1000,
  );
});

async function harmOf({ idp, upstream }: IdpBehindTls): Promise<string | undefined> {
  const said = idp.lines.splice(0).filter((line) => !line.startsWith('{') || FAULT.test(line));
  if (idp.child.exitCode !== null || idp.child.signalCode !== null) return `it ended: ${said.join('\n')}`;
  const health = await fetch(`${upstream}/healthz`, { signal: AbortSignal.timeout(5_000) }).then(
    ({ status }) => `HTTP ${status}`,
    (error: unknown) => `no answer: ${String(error)}`,
  );
  if (health !== 'HTTP 200') return `its health is ${health}`;
  return said.length === 0 ? undefined : said.join('\n');
}

/** Lines that tell of a fault of its own. */
const FAULT = /"event":"(fatal|unhandled|server_error)"|"status":5\d\d/;
