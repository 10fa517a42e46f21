import { readFile } from 'node:fs/promises';
import { LineCounter, parseDocument } from 'yaml';
import { MeshdevError, textOf } from '../errors/meshdev-error.ts';
import { knownKeys } from './json-schema.ts';
import { type PolicyRule, policyRules } from './policy.ts';
import { inOrder, offsetOf, type Places, shapeProblems, unreadableKeys } from './problem.ts';
import { type ConfigFile, configFile } from './schema.ts';
import { mistakesIn } from './services/mistakes.ts';

/** The file as it was read; `policy` is undefined where it has none. */
export interface ReadConfig {
  readonly path: string;
  readonly values: ConfigFile;
  readonly policy: readonly PolicyRule[] | undefined;
}

/**
 * Reads meshdev.yaml; undefined when the file does not exist and nobody asked for it by name.
 * @param zone of a flag or a variable, before which the file's does not count
 * @throws MeshdevError CONFIG_INVALID with every problem at once, each as `path:line:column`.
 */
export async function readConfigFile(
  path: string,
  { required, zone }: { readonly required: boolean; readonly zone?: string | undefined },
): Promise<ReadConfig | undefined> {
  const text = await readIfThere(path);
  if (text === undefined && required) {
    throw new MeshdevError('CONFIG_INVALID', {
      message: `reading ${path}: the file does not exist`,
      remedies: [`touch ${path}`],
    });
  }
  if (text === undefined) return undefined;
  const values = parseConfig(path, text, zone);
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

export function parseConfig(path: string, text: string, zone?: string): ConfigFile {
  const places = placesOf(path, text);
  const raw = valueOf(places);
  const parsed = configFile.safeParse(raw);
  const shape = parsed.success ? [] : shapeProblems(parsed.error.issues, knownKeys);
  const problems = [...shape, ...mistakesIn(raw, shape, zone)];
  if (parsed.success && problems.length === 0) return parsed.data;
  throw invalid(inOrder(places, problems));
}

/** The rules of `policy:`, each with the line and column of its value. */
export function policyOf(
  path: string,
  text: string,
  { policy }: ConfigFile,
): readonly PolicyRule[] | undefined {
  if (policy === undefined) return undefined;
  const { document, lines } = placesOf(path, text);
  return policyRules(policy, (keys) => {
    const { line, col } = lines.linePos(offsetOf(document, { path: keys }));
    return `${path}:${line}:${col}`;
  });
}

/** @throws MeshdevError CONFIG_INVALID when it is no YAML */
export function placesOf(path: string, text: string): Places {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const errors = [
    ...document.errors.map(({ pos, message }) => ({ offset: pos[0], message: message.split('\n')[0] })),
    ...unreadableKeys(document),
  ];
  if (errors.length === 0) return { file: path, document, lines };
  throw invalid(
    errors.map(({ offset, message }) => {
      const { line, col } = lines.linePos(offset);
      return `${path}:${line}:${col} ${message}`;
    }),
  );
}

/** @throws MeshdevError CONFIG_INVALID when it has aliases that grow without end */
export function valueOf({ file, document }: Places): unknown {
  try {
    return document.toJS() ?? {};
  } catch (cause) {
    throw invalid([`${file}:1:1 ${textOf(cause)}`]);
  }
}

export function invalid(
  problems: readonly string[],
  remedies = ['meshdev docs configuration'],
): MeshdevError {
  return new MeshdevError('CONFIG_INVALID', { message: problems.join('\n'), remedies });
}
