import { z } from 'zod';
import type { Bench } from './bench.ts';
import type { Restore } from './fault-injection.ts';

export interface ObjectRef {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

/** The lab's one Gateway, of Istio's API and not of Kubernetes'. */
export function publicGateway({ lab }: Bench): ObjectRef {
  return {
    kind: 'gateway.networking.istio.io',
    namespace: lab.workloads.gateway.namespace,
    name: 'public',
  };
}

export type Operation = readonly [op: 'add' | 'replace' | 'remove', path: string, value?: unknown];

/** Changes one object by JSON patch; restoring puts its whole specification back. */
export async function patchObject(
  bench: Bench,
  ref: ObjectRef,
  operations: readonly Operation[],
): Promise<Restore> {
  const before = await readObject(bench, ref);
  const body = operations.map(([op, path, value]) => ({ op, path, value }));
  const { kind, namespace, name } = ref;
  await bench.kubectl('patch', '-n', namespace, kind, name, '--type', 'json', '-p', JSON.stringify(body));
  return () => replaceObject(bench, ref, before);
}

/** Patches one object as kubectl does it with these arguments; whoever calls puts it back. */
export async function patchWith(
  bench: Bench,
  { kind, namespace, name }: ObjectRef,
  argv: readonly string[],
): Promise<void> {
  await bench.kubectl('patch', '-n', namespace, kind, name, ...argv);
}

/** Deletes one object; restoring makes it again as it was. */
export async function deleteObject(bench: Bench, ref: ObjectRef): Promise<Restore> {
  const before = await readObject(bench, ref);
  await bench.kubectl('delete', '-n', ref.namespace, ref.kind, ref.name, '--wait=true');
  return () => applyObject(bench, before);
}

/** Adds one object that was not there; restoring deletes it. */
export async function addObject(bench: Bench, object: Readonly<Record<string, unknown>>): Promise<Restore> {
  await applyObject(bench, object);
  return async () => {
    await kubectlStdin(bench, ['delete', '--wait=true', '-f', '-'], object);
  };
}

/** Replaces the app's pod, and with it the log in which every check that follows would find tokens. */
export async function forgetTokens(bench: Bench): Promise<void> {
  const { namespace, serviceAccount } = bench.lab.workloads.httpbin;
  await replacePods(bench, namespace, serviceAccount);
}

/** The pods of one Deployment, whose label `app` is its name. */
export async function replacePods(bench: Bench, namespace: string, app: string): Promise<void> {
  await bench.kubectl('delete', 'pod', '-n', namespace, '-l', `app=${app}`, '--wait=true');
  await rolledOut(bench, namespace, app);
}

/** Waits until a Deployment's new pods are there and its old ones are not. */
export async function rolledOut(bench: Bench, namespace: string, name: string): Promise<void> {
  await bench.kubectl('rollout', 'status', '-n', namespace, `deployment/${name}`, '--timeout=60s');
}

/** As kubectl does it: the new pods are there before the old ones go. */
export async function rolloutRestart(bench: Bench, namespace: string, name: string): Promise<void> {
  await bench.kubectl('rollout', 'restart', '-n', namespace, `deployment/${name}`);
  await rolledOut(bench, namespace, name);
}

export async function scaleTo(
  bench: Bench,
  namespace: string,
  name: string,
  replicas: number,
): Promise<void> {
  await bench.kubectl('scale', '-n', namespace, 'deployment', name, '--replicas', String(replicas));
  await rolledOut(bench, namespace, name);
}

/** Makes the pods of one Deployment anew with an annotation more; restoring makes them anew without it. */
export async function annotatePods(
  bench: Bench,
  { namespace, serviceAccount: name }: { readonly namespace: string; readonly serviceAccount: string },
  [key, value]: readonly [key: string, value: string],
): Promise<Restore> {
  const path = `/spec/template/metadata/annotations/${key.replaceAll('/', '~1')}`;
  const restore = await patchObject(bench, { kind: 'deployment', namespace, name }, [['add', path, value]]);
  await rolledOut(bench, namespace, name);
  return async () => {
    await restore();
    await rolledOut(bench, namespace, name);
  };
}

async function applyObject(bench: Bench, object: Readonly<Record<string, unknown>>): Promise<void> {
  await kubectlStdin(
    bench,
    ['apply', '--server-side', '--force-conflicts', '--field-manager=meshdev', '-f', '-'],
    object,
  );
}

async function replaceObject(
  bench: Bench,
  ref: ObjectRef,
  before: Readonly<Record<string, unknown>>,
): Promise<void> {
  const { kind, namespace, name } = ref;
  // `replace` fails on a version that is no longer the newest: only the specification goes back.
  const fields = ['spec', 'data', 'rules', 'webhooks'].filter((field) => field in before);
  const body = fields.map((field) => ({ op: 'add', path: `/${field}`, value: before[field] }));
  await bench.kubectl('patch', '-n', namespace, kind, name, '--type', 'json', '-p', JSON.stringify(body));
}

const seen = z.looseObject({
  metadata: z.looseObject({
    name: z.string(),
    labels: z.record(z.string(), z.string()).optional(),
    annotations: z.record(z.string(), z.string()).optional(),
  }),
});

/** The object without what the API server writes itself. */
async function readObject(
  bench: Bench,
  { kind, namespace, name }: ObjectRef,
): Promise<Record<string, unknown>> {
  const json = await bench.kubectl('get', '-n', namespace, kind, name, '-o', 'json');
  const { metadata, ...rest } = seen.parse(JSON.parse(json));
  const { labels, annotations } = metadata;
  return {
    ...rest,
    status: undefined,
    metadata: {
      name,
      namespace,
      ...(labels === undefined ? {} : { labels }),
      ...(annotations === undefined ? {} : { annotations }),
    },
  };
}

function kubectlStdin(
  bench: Bench,
  argv: readonly string[],
  object: Readonly<Record<string, unknown>>,
): Promise<string> {
  const inNode = [
    'exec',
    '-i',
    bench.lab.cluster.node,
    'kubectl',
    '--kubeconfig',
    '/etc/kubernetes/admin.conf',
  ];
  return bench.docker([...inNode, ...argv], JSON.stringify(object));
}
