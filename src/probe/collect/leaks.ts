import type { Leak, Leaks } from '../../checks/evidence/exposure.ts';
import { ISTIO_NAMESPACE } from '../../mesh/manifests/names.ts';
import type { KubeObject } from '../../ports/cluster.ts';
import type { TokenSet } from '../tokens.ts';
import { labContainers } from './parts.ts';
import { PARTIES } from './party-logs.ts';
import type { Witness } from './witness.ts';

/** A text that others can read, and where it was. */
interface Place {
  readonly place: string;
  readonly text: string;
}

/** Log lines that are read of each container, beside what those on the way wrote during this run. */
const LINES = 1_000;

/** Reads what everybody who may look at the lab can read, and looks for secrets of the lab in it. */
export async function collectLeaks(witness: Witness): Promise<Leaks> {
  const [tokens, ...places] = await Promise.all([
    witness.tokens(),
    containerLogs(witness),
    podLogs(witness),
    processes(witness),
    podSpecs(witness),
  ]);
  const canaries = canariesOf(witness, tokens);
  const texts = [...partyLogs(witness), ...places.flat()];
  return {
    searched: texts.map(({ place, text }) => ({ place, bytes: text.length })),
    found: texts.flatMap(({ place, text }) => leaksIn(text, place, canaries)),
  };
}

interface Canary {
  readonly what: string;
  readonly value: string;
}

/** Every secret of the lab that has a value of its own, this run's tokens included. */
function canariesOf({ keys: { idp } }: Witness, tokens: TokenSet): readonly Canary[] {
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
        token === undefined ? [] : [{ what: `token of ${holder}`, value: token.split('.').at(-1) ?? token }],
      ),
    ),
  ];
}

const SHAPES: readonly (readonly [what: string, shape: RegExp])[] = [
  ['private key', /-----BEGIN [A-Z ]*PRIVATE KEY-----/],
  ['signed token', /\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{40,}/],
  ['private JWK', /"d"\s*:\s*"[\w-]{40,}"/],
];

/** Pure: what of a secret stands in the text. Values are never repeated. */
export function leaksIn(text: string, where: string, canaries: readonly Canary[]): readonly Leak[] {
  const known = canaries.filter(({ value }) => text.includes(value)).map(({ what }) => what);
  const shaped = SHAPES.filter(([, shape]) => shape.test(text)).map(([what]) => what);
  return [...new Set([...known, ...shaped])].map((what) => ({ where, what }));
}

function partyLogs({ partyLogs: logs }: Witness): readonly Place[] {
  return PARTIES.map((party) => ({ place: `log of the ${party}`, text: logs.of(party).join('\n') }));
}

async function containerLogs({ context: { lab }, engine, signal }: Witness): Promise<readonly Place[]> {
  const { edge, idp, probe } = lab.containers;
  return Promise.all(
    [edge, idp, probe].map(async (name) => {
      const lines = await engine.containers.logs(name, { tail: LINES }, signal);
      return { place: `log of ${name}`, text: lines.map((line) => line.text).join('\n') };
    }),
  );
}

async function podLogs({ context: { cluster, lab }, signal }: Witness): Promise<readonly Place[]> {
  const namespaces = [
    ISTIO_NAMESPACE,
    ...new Set(Object.values(lab.workloads).map(({ namespace }) => namespace)),
  ];
  const pods = (
    await Promise.all(
      namespaces.map((namespace) => cluster.list({ apiVersion: 'v1', kind: 'Pod', namespace }, signal)),
    )
  ).flat();
  return Promise.all(
    pods.flatMap((pod) =>
      startedContainers(pod).map(async (container) => {
        const { name, namespace = '' } = pod.metadata;
        const text = await cluster.podLogs({ namespace, pod: name, container, tail: LINES }, signal);
        return { place: `log of ${namespace}/${name} ${container}`, text };
      }),
    ),
  );
}

function startedContainers({ status }: KubeObject): readonly string[] {
  const { containerStatuses = [], initContainerStatuses = [] } = statusesOf(status);
  return [...containerStatuses, ...initContainerStatuses].flatMap((one) =>
    one.ready === true ? [one.name] : [],
  );
}

interface Statuses {
  readonly containerStatuses?: readonly { readonly name: string; readonly ready?: boolean }[];
  readonly initContainerStatuses?: readonly { readonly name: string; readonly ready?: boolean }[];
}

function statusesOf(status: unknown): Statuses {
  return typeof status === 'object' && status !== null ? status : {};
}

/** Arguments and environments of every process: of the containers, and of all pods, which are the node's. */
async function processes(witness: Witness): Promise<readonly Place[]> {
  const { engine, signal } = witness;
  const running = (await labContainers(witness)).filter(({ state }) => state === 'running');
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
async function podSpecs({ context: { cluster }, signal }: Witness): Promise<readonly Place[]> {
  const [pods, maps] = await Promise.all([
    cluster.list({ apiVersion: 'v1', kind: 'Pod' }, signal),
    cluster.list({ apiVersion: 'v1', kind: 'ConfigMap' }, signal),
  ]);
  return [
    { place: 'specifications of all pods', text: JSON.stringify(pods.map((pod) => pod['spec'])) },
    { place: 'all config maps', text: JSON.stringify(maps.map((map) => map['data'])) },
  ];
}
