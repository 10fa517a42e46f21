import type { Difference, KubeObject } from '../ports/cluster.ts';

/** Written by the API server at every change: says nothing about what was asked for. */
const SERVER_FIELDS = new Set([
  'managedFields',
  'resourceVersion',
  'generation',
  'uid',
  'creationTimestamp',
  'selfLink',
]);

/** Istio's own kinds: the API server adds nothing to their `spec`, so it can be compared exactly. */
export function isIstioKind({ apiVersion }: { readonly apiVersion: string }): boolean {
  return /^[a-z]+\.istio\.io\//.test(apiVersion);
}

/** The live `spec` against the wanted one, exactly; labels and annotations as far as they are wanted. */
export function specDifferences(live: KubeObject, wanted: KubeObject): readonly Difference[] {
  return [
    ...subsetDifferences(live.metadata.labels, wanted.metadata.labels, 'metadata.labels'),
    ...subsetDifferences(live.metadata.annotations, wanted.metadata.annotations, 'metadata.annotations'),
    ...differences(live['spec'] ?? {}, wanted['spec'] ?? {}, 'spec'),
  ];
}

/** The live object against what applying would make of it; server-side bookkeeping left out. */
export function applyDifferences(live: KubeObject, applied: KubeObject): readonly Difference[] {
  const found = differences(comparable(live), comparable(applied), '');
  return live.kind === 'Secret' ? found.map(withoutValues) : found;
}

function comparable({ metadata, status: _status, ...rest }: KubeObject): unknown {
  const kept = Object.entries(metadata).filter(([field]) => !SERVER_FIELDS.has(field));
  return { ...rest, metadata: Object.fromEntries(kept) };
}

function withoutValues(difference: Difference): Difference {
  const secret = /^(data|stringData)\b/.test(difference.path);
  return secret ? { path: difference.path, seen: '[another value]', wanted: '[secret]' } : difference;
}

function subsetDifferences(
  live: Readonly<Record<string, string>> | undefined,
  wanted: Readonly<Record<string, string>> | undefined,
  path: string,
): readonly Difference[] {
  return Object.entries(wanted ?? {}).flatMap(([key, value]) =>
    differences(own(live ?? {}, key), value, join(path, key)),
  );
}

/** Every leaf in which two JSON values differ, with its path. */
export function differences(seen: unknown, wanted: unknown, path: string): readonly Difference[] {
  if (Array.isArray(seen) && Array.isArray(wanted) && seen.length === wanted.length) {
    return wanted.flatMap((item, index) => differences(seen[index], item, `${path}[${index}]`));
  }
  if (isRecord(seen) && isRecord(wanted)) {
    const keys = new Set([...Object.keys(seen), ...Object.keys(wanted)]);
    return [...keys].sort().flatMap((key) => differences(own(seen, key), own(wanted, key), join(path, key)));
  }
  return Object.is(seen, wanted) ? [] : [{ path, seen: show(seen), wanted: show(wanted) }];
}

/** A key may be called `constructor`: what the object inherits is not what it holds. */
function own(record: Readonly<Record<string, unknown>>, key: string): unknown {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}

function join(path: string, key: string): string {
  const step = /^[A-Za-z_][\w-]*$/.test(key) ? key : `["${key}"]`;
  return path === '' || step.startsWith('[') ? `${path}${step}` : `${path}.${step}`;
}

function show(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > 120 ? `${text.slice(0, 117)}…` : text;
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
