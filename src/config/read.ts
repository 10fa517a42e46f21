import { readFile } from 'node:fs/promises';
import { type Document, LineCounter, parseDocument } from 'yaml';
import { MeshdevError } from '../errors/meshdev-error.ts';
import { type PolicyRule, policyRules } from './policy.ts';
import { type ConfigFile, configFile } from './schema.ts';

/** The file as it was read; `policy` is undefined where it has none. */
export interface ReadConfig {
  readonly path: string;
  readonly values: ConfigFile;
  readonly policy: readonly PolicyRule[] | undefined;
}

/**
 * Reads meshdev.yaml; undefined when the file does not exist and nobody asked for it by name.
 * @throws MeshdevError CONFIG_INVALID with every problem at once, each as `path:line:column`.
 */
export async function readConfigFile(
  path: string,
  { required }: { readonly required: boolean },
): Promise<ReadConfig | undefined> {
  const text = await readIfThere(path);
  if (text === undefined && required) {
    throw new MeshdevError('CONFIG_INVALID', {
      message: `reading ${path}: there is no such file`,
      remedies: [`touch ${path}`],
    });
  }
  if (text === undefined) return undefined;
  const values = parseConfig(path, text);
  return { path, values, policy: policyOf(path, text, values) };
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return undefined;
    throw new MeshdevError('CONFIG_INVALID', { message: `reading ${path}: it cannot be read`, cause });
  }
}

export function parseConfig(path: string, text: string): ConfigFile {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const at = (offset: number): string => {
    const { line, col } = lines.linePos(offset);
    return `${path}:${line}:${col}`;
  };
  if (document.errors.length > 0) {
    throw invalid(document.errors.map((error) => `${at(error.pos[0])} ${error.message.split('\n')[0]}`));
  }
  const parsed = configFile.safeParse(document.toJS() ?? {});
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => {
    const offset = offsetOf(document, issue.path);
    return { offset, text: `${at(offset)} ${issue.path.map(String).join('.')}: ${issue.message}` };
  });
  throw invalid(problems.toSorted((a, b) => a.offset - b.offset).map((problem) => problem.text));
}

/** The rules of `policy:`, each with the line and column of its value. */
export function policyOf(
  path: string,
  text: string,
  { policy }: ConfigFile,
): readonly PolicyRule[] | undefined {
  if (policy === undefined) return undefined;
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  return policyRules(policy, (keys) => {
    const { line, col } = lines.linePos(offsetOf(document, keys));
    return `${path}:${line}:${col}`;
  });
}

/** Where the value stands; for a key that is not there, where its parent does. */
function offsetOf(document: Document.Parsed, path: readonly PropertyKey[]): number {
  for (let length = path.length; length > 0; length -= 1) {
    const node = document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range !== undefined) return node.range[0] ?? 0;
  }
  return 0;
}

function isNode(value: unknown): value is { range?: readonly number[] } {
  return typeof value === 'object' && value !== null && 'range' in value;
}

function invalid(problems: readonly string[]): MeshdevError {
  return new MeshdevError('CONFIG_INVALID', {
    message: problems.join('\n'),
    remedies: ['meshdev docs configuration'],
  });
}
