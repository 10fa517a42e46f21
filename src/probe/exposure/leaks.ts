import type { Leaks } from '../../evidence/exposure.ts';
import type { TokenSet } from '../tokens/tokens.ts';
import { collectLogLeaks } from './log-leaks.ts';
import { labContainers } from '../host/containers.ts';
import { type Canary, leaksIn } from './secret-forms.ts';
import type { Needs } from '../probe-context.ts';

/** A text that others can read, and where it was. */
interface Place {
  readonly place: string;
  readonly text: string;
}

/** Reads what everybody who may look at the lab can read, and looks for secrets of the lab in it. */
export async function collectLeaks(
  probeContext: Needs<'context' | 'engine' | 'keys' | 'tokens' | 'signal'>,
): Promise<Leaks> {
  const canaries = canariesOf(probeContext, await probeContext.tokens());
  const [logs, ...places] = await Promise.all([
    collectLogLeaks(probeContext, canaries),
    processes(probeContext),
    podSpecs(probeContext),
  ]);
  const texts = places.flat();
  return {
    dead: logs.dead,
    searched: [...logs.searched, ...texts.map(({ place, text }) => ({ place, bytes: text.length }))],
    found: [
      ...logs.found,
      ...texts.flatMap(({ place, text }) => leaksIn(text, canaries).map((what) => ({ where: place, what }))),
    ],
  };
}

/** Every secret of the lab that has a value of its own, this run's tokens included. */
function canariesOf({ keys: { idp } }: Needs<'keys'>, tokens: TokenSet): readonly Canary[] {
  const named = (what: string, values: Readonly<Record<string, string>>): readonly Canary[] =>
    Object.entries(values).map(([name, value]) => ({ what: `${what} of ${name}`, value }));
  return [
    ...named('password', idp.passwords),
    ...named('client secret', idp.clientSecrets),
    ...idp.cookieKeys.map((value) => ({ what: 'cookie key of the IdP', value })),
    ...idp.jwks.keys.map(({ d }) => ({ what: 'signing key of the IdP', value: d })),
    ...Object.entries(tokens).flatMap(([holder, { accessToken, idToken, refreshToken }]) =>
      // The signature is what makes a token one; its other parts may be told.
      [accessToken, idToken, refreshToken].flatMap((token) =>
        token === undefined
          ? []
          : [{ what: `token of ${holder}`, value: token.split('.').at(-1) ?? token, isToken: true as const }],
      ),
    ),
  ];
}

/** Arguments and environments of every process: of the containers, and of all pods, which are the node's. */
async function processes(probeContext: Needs<'context' | 'engine' | 'signal'>): Promise<readonly Place[]> {
  const { engine, signal } = probeContext;
  const running = (await labContainers(probeContext)).filter(({ state }) => state === 'running');
  // As the container's own user: without CAP_SYS_PTRACE root may not read another user's environment.
  const argv = ['sh', '-c', 'cat /proc/[0-9]*/cmdline /proc/[0-9]*/environ 2>/dev/null; true'];
  return Promise.all(
    running.map(async ({ name }) => {
      const { stdout } = await engine.containers.exec(name, { argv, timeoutMs: 10_000 }, signal);
      return { place: `processes of ${name}`, text: stdout.toString('latin1').replaceAll('\0', '\n') };
    }),
  );
}

/** Specifications are read by whoever may list pods, secrets not. */
async function podSpecs({
  context: { cluster },
  signal,
}: Needs<'context' | 'signal'>): Promise<readonly Place[]> {
  const [pods, maps] = await Promise.all([
    cluster.list({ apiVersion: 'v1', kind: 'Pod' }, signal),
    cluster.list({ apiVersion: 'v1', kind: 'ConfigMap' }, signal),
  ]);
  return [
    { place: 'specifications of all pods', text: JSON.stringify(pods.map((pod) => pod['spec'])) },
    { place: 'all config maps', text: JSON.stringify(maps.map((map) => map['data'])) },
  ];
}
