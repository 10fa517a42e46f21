import { createHash } from 'node:crypto';
import type { Beside } from './judge-faults.ts';

/** What one run tries, and in which order. */
export interface Choice {
  /** Extended modules too. */
  readonly all: boolean;
  readonly beside: Beside;
  readonly shard: Shard;
  readonly seed: string;
  /** Goes on where a run of the same code was cut. */
  readonly resume: boolean;
}

/** Part `part` of `parts`, from 1 on. */
export interface Shard {
  readonly part: number;
  readonly parts: number;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** @throws Error naming the variable that says what cannot be */
export function readChoice(env: Environment, newSeed: () => string): Choice {
  return {
    all: oneOf('MESHDEV_SABOTAGES', env, ['core', 'all']) === 'all',
    beside: oneOf('MESHDEV_SABOTAGE_CHECKS', env, ['core', 'near', 'all']),
    shard: readShard(env['MESHDEV_SABOTAGE_SHARD'] ?? '1/1'),
    seed: env['MESHDEV_SABOTAGE_SEED'] ?? newSeed(),
    resume: oneOf('MESHDEV_SABOTAGE_RESUME', env, ['0', '1']) === '1',
  };
}

function oneOf<const T extends string>(name: string, env: Environment, words: readonly [T, ...T[]]): T {
  const said = env[name] ?? words[0];
  const word = words.find((one) => one === said);
  if (word === undefined) throw new Error(`${name}=${said}: one of ${words.join(', ')}`);
  return word;
}

function readShard(text: string): Shard {
  const [, part, parts] = /^(\d+)\/(\d+)$/.exec(text) ?? [];
  const shard = { part: Number(part), parts: Number(parts) };
  if (!(shard.part >= 1 && shard.part <= shard.parts))
    throw new Error(`MESHDEV_SABOTAGE_SHARD=${text}: part/parts is needed, 2/5 for one`);
  return shard;
}

/** Every item is in exactly one part, whatever the seed; neighbours (of one category) are spread over the parts. */
export function inShard<T>(items: readonly T[], { part, parts }: Shard): readonly T[] {
  return items.filter((_, at) => at % parts === part - 1);
}

/** An order that only the seed and the names decide. */
export function inOrderOf<T extends { readonly name: string }>(
  seed: string,
  items: readonly T[],
): readonly T[] {
  const place = new Map(items.map(({ name }) => [name, sha256(`${seed} ${name}`)]));
  return items.toSorted((a, b) => ((place.get(a.name) ?? '') < (place.get(b.name) ?? '') ? -1 : 1));
}

export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
