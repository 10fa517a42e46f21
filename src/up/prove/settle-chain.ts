import { ADMIN, APP_ID } from '../../sample/names.ts';
import type { LabContext } from '../../lab/lab-context.ts';
import { waitForKeySet } from '../../mesh/key-set.ts';
import { waitUntil } from '../../run/wait-until.ts';
import type { RunScope } from '../../run/run-scope.ts';
import { runHere } from '../../agent/patient-jobs.ts';
import { wireOf } from '../../probe/requests/wire.ts';
import { login } from '../../idp/client/login.ts';
import { authorityOf, echoService } from '../../topology/lab.ts';

const PATIENCE_MS = 90_000;

/**
 * Waits until one honest request goes through the whole chain: what was just configured takes a
 * moment to reach the proxies. Only this positive is waited for; forgeries are judged once, later.
 */
export async function settleChain(context: LabContext, { signal, progress }: RunScope): Promise<void> {
  const { lab } = context;
  const keys = await context.keys();
  const kids = keys.idp.jwks.keys.map((key) => key.kid);
  await waitForKeySet(context.cluster, { lab, service: echoService(lab) }, kids, { signal, progress });
  await waitForRequest(context, { signal, progress });
}

/** Waits until one honest request goes through the chain, where nothing was configured: after a pause. */
export async function waitForRequest(
  context: Pick<LabContext, 'lab' | 'keys'>,
  { signal, progress }: RunScope,
): Promise<void> {
  const { lab } = context;
  const keys = await context.keys();
  await waitUntil(
    async () => {
      const { accessToken } = await login(
        { lab, edgeRootPem: keys.edge.rootPem, signal },
        { user: ADMIN, password: keys.idp.passwords[ADMIN] ?? '', secrets: keys.idp },
      );
      const request = {
        method: 'GET',
        path: '/headers',
        headers: [
          ['Host', authorityOf(lab)],
          ['Authorization', `Bearer ${accessToken}`],
        ] as const,
      };
      const job = {
        kind: 'tls' as const,
        id: 'settle',
        host: '127.0.0.1',
        port: lab.httpsPort,
        servername: lab.hosts[APP_ID],
        ca: keys.edge.rootPem,
        alpn: ['http/1.1'],
        readFirstMs: 0,
        timeoutMs: 8_000,
        request,
      };
      const wire = wireOf(await runHere([job], signal), 'settle');
      return wire.status === 200
        ? { done: true }
        : {
            seen: `${ADMIN} on ${lab.audience}/headers: ${wire.status ?? wire.ended} ${wire.body.slice(0, 80)}`,
          };
    },
    {
      what: 'a valid request to pass the whole chain',
      timeoutMs: PATIENCE_MS,
      intervalMs: 400,
      onSeen: progress,
      signal,
      remedies: ['meshdev check', 'meshdev up'],
    },
  );
}
