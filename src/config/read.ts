import { readFile } from 'node:fs/promises';
import { LineCounter, parseDocument } from 'yaml';
import { MeshdevError } from '../errors/meshdev-error.ts';
import { type ConfigFile, configFile } from './schema.ts';

/**
 * Reads meshdev.yaml; undefined when the file does not exist and nobody asked for it by name.
 * @throws MeshdevError CONFIG_INVALID with every problem at once, each as `path:line:column`.
 */
export async function readConfigFile(
  path: string,
  { required }: { readonly required: boolean },
): Promise<{ path: string; values: ConfigFile } | undefined> {
  const text = await readIfThere(path);
  if (text === undefined && required) {
    throw new MeshdevError('CONFIG_INVALID', {
      message: `reading ${path}: there is no such file`,
      remedies: [`touch ${path}`],
    });
  }
  return text === undefined ? undefined : { path, values: parseConfig(path, text) };
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
    const node = document.getIn(issue.path, true);
    const offset = isNode(node) ? (node.range?.[0] ?? 0) : 0;
    return { offset, text: `${at(offset)} ${issue.path.map(String).join('.')}: ${issue.message}` };
  });
  throw invalid(problems.toSorted((a, b) => a.offset - b.offset).map((problem) => problem.text));
}

function isNode(value: unknown): value is { range?: readonly number[] } {
  return typeof value === 'object' && value !== null && 'range' in value;
}

function invalid(problems: readonly string[]): MeshdevError {
  return new MeshdevError('CONFIG_INVALID', {
    message: problems.join('\n'),
    remedies: ['see docs/configuration.md'],
  });
}
