import { isNode, LineCounter, parseAllDocuments, type Document, type Tags } from 'yaml';
import { z } from 'zod';
import { textOf } from '../../errors/meshdev-error.ts';
import type { KubeObject } from '../../ports/cluster.ts';
import { unreadableKeys } from '../problem.ts';
import type { ManifestObject, ManifestProblem } from './manifest-object.ts';

/** One file, or what a kustomize directory was rendered to. */
export interface ManifestText {
  /** As it is named in messages. */
  readonly name: string;
  readonly text: string;
  /** Its lines are those of no file that the user wrote. */
  readonly rendered?: true;
}

export interface ParsedManifests {
  readonly objects: readonly ManifestObject[];
  readonly problems: readonly Omit<ManifestProblem, 'service'>[];
}

const names = z.record(z.string(), z.string('must be text: put it in quotes')).nullish();
const objectShape = z.looseObject({
  apiVersion: z.string('is missing').min(1, 'is missing'),
  kind: z.string('is missing').min(1, 'is missing'),
  metadata: z.looseObject(
    {
      name: z.string('is missing').min(1, 'is missing'),
      namespace: z.string('must be text').nullish(),
      labels: names,
      annotations: names,
    },
    'is missing',
  ),
});

/** Written by the API server; what exported objects have of them is of another cluster. */
const SERVER_FIELDS = new Set([
  'creationTimestamp',
  'deletionTimestamp',
  'generation',
  'managedFields',
  'ownerReferences',
  'resourceVersion',
  'selfLink',
  'uid',
]);

/** The objects of a text of YAML documents, those of lists each by itself. Pure. */
export function parseManifests(given: ManifestText): ParsedManifests {
  const lines = new LineCounter();
  const at = (offset: number): string =>
    given.rendered === true ? given.name : `${given.name}:${lines.linePos(offset).line}`;
  // As kubectl reads it: 0644 is octal and yes is true, but 12:30 and dates are text.
  const documents = parseAllDocuments(given.text, {
    lineCounter: lines,
    version: '1.1',
    customTags: withoutTimes,
  });
  const read = [...documents].map((document) => readDocument(document, at));
  return {
    objects: read.flatMap(({ objects }) => objects),
    problems: read.flatMap(({ problems }) => problems),
  };
}

function withoutTimes(tags: Tags): Tags {
  return tags.filter(
    (tag) => typeof tag === 'string' || (tag.tag !== 'tag:yaml.org,2002:timestamp' && tag.format !== 'TIME'),
  );
}

function readDocument(document: Document.Parsed, at: (offset: number) => string): ParsedManifests {
  const broken = [
    ...document.errors.map(({ pos, message }) => ({ offset: pos[0], message: message.split('\n')[0] ?? '' })),
    ...unreadableKeys(document),
  ];
  if (broken.length > 0)
    return { objects: [], problems: broken.map(({ offset, message }) => ({ at: at(offset), message })) };
  try {
    const where = (path: readonly (string | number)[] = []): string => at(offsetIn(document, path));
    return readValue(document.toJS(), where);
  } catch (cause) {
    return { objects: [], problems: [{ at: at(0), message: textOf(cause) }] };
  }
}

function offsetIn(document: Document.Parsed, path: readonly (string | number)[]): number {
  for (let length = path.length; length > 0; length -= 1) {
    const node = document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return node.range[0];
  }
  return document.contents?.range?.[0] ?? 0;
}

const listShape = z.looseObject({ kind: z.string().regex(/List$/), items: z.array(z.unknown()) });

function readValue(value: unknown, where: ManifestObject['where']): ParsedManifests {
  if (value === null || value === undefined) return { objects: [], problems: [] };
  const list = listShape.safeParse(value);
  if (!list.success) return readObject(value, where);
  const read = list.data.items.map((item, index) =>
    readValue(item, (path = []) => where(['items', index, ...path])),
  );
  return {
    objects: read.flatMap(({ objects }) => objects),
    problems: read.flatMap(({ problems }) => problems),
  };
}

function readObject(value: unknown, where: ManifestObject['where']): ParsedManifests {
  const parsed = objectShape.safeParse(value);
  if (parsed.success) return { objects: [{ object: kubeObject(parsed.data), where }], problems: [] };
  const problems = parsed.error.issues.map(({ path, message }) => ({
    at: where(path.map((key) => (typeof key === 'number' ? key : String(key)))),
    message: path.length === 0 ? 'is no Kubernetes object' : `${path.map(String).join('.')}: ${message}`,
  }));
  return { objects: [], problems };
}

/** Without what the API server writes, and with the data of a Secret in its one form. */
function kubeObject({ metadata, ...body }: z.infer<typeof objectShape>): KubeObject {
  const { name, namespace, labels, annotations, ...others } = metadata;
  const { apiVersion, kind, status: _status, ...rest } = body;
  const more = Object.entries(others).filter(([key]) => !SERVER_FIELDS.has(key));
  return {
    apiVersion,
    kind,
    metadata: {
      name,
      ...(namespace ? { namespace } : {}),
      ...(labels ? { labels } : {}),
      ...(annotations ? { annotations } : {}),
      ...Object.fromEntries(more),
    },
    ...(apiVersion === 'v1' && kind === 'Secret' ? withData(rest) : rest),
  };
}

type Fields = Readonly<Record<string, unknown>>;
const secretData = z.record(z.string(), z.string()).nullish();

/** `stringData` is for writing alone: what an edit leaves out of it would stay in the Secret. */
function withData({ stringData, ...rest }: Fields): Fields {
  const [texts, encoded] = [secretData.safeParse(stringData), secretData.safeParse(rest['data'])];
  if (!texts.success || !encoded.success) return { ...rest, stringData };
  const written = Object.entries(texts.data ?? {}).map(([key, text]) => [
    key,
    Buffer.from(text).toString('base64'),
  ]);
  return { ...rest, data: { ...encoded.data, ...Object.fromEntries(written) } };
}
