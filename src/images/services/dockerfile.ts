import { expand } from './expand.ts';
import { type Instruction, instructionsOf } from './dockerfile-lines.ts';

/** How a Dockerfile is built: what `--build-arg`, `--target` and the engine say. */
export interface BuildChoice {
  readonly args: Readonly<Record<string, string>>;
  readonly target?: string;
  /** Of the engine: `linux/amd64`. */
  readonly platform: string;
}

/** A word of an instruction. */
export interface Place {
  /** Lines of the instruction, counted from 1. */
  readonly first: number;
  readonly last: number;
  /** As it is written, with its variables: `node:${VERSION}`. */
  readonly written: string;
}

/** An image that the Dockerfile needs, and where it is named. */
export interface Base extends Place {
  readonly image: string;
  /** What stands before the image in the word that is written there. */
  readonly prefix: '' | '--from=';
}

/** What a Dockerfile says before anything is built. */
export interface Dockerfile {
  readonly instructions: readonly Instruction[];
  /** Images that must be there, in their order; `scratch` and stages of its own are none. */
  readonly bases: readonly Base[];
  /** `--platform=…` of the platform that the engine has anyway: the classic builder does not know its variables. */
  readonly platformFlags: readonly Place[];
  /** The given arguments and, where they are declared, those that BuildKit sets by itself. */
  readonly args: Readonly<Record<string, string>>;
  /** The classic one unless an instruction needs the other: it is simpler, and loads nothing for itself. */
  readonly builder: 'classic' | 'buildkit';
}

/** What is wrong with a Dockerfile, with its line. */
export class DockerfileProblem extends Error {
  readonly line: number;

  constructor(line: number, message: string) {
    super(message);
    this.line = line;
  }
}

/**
 * Reads the stages up to the target. Pure.
 * @throws DockerfileProblem for what cannot be built
 */
export function readDockerfile(text: string, choice: BuildChoice): Dockerfile {
  const instructions = instructionsOf(text);
  const platformArgs = platformArguments(choice.platform);
  const declared = new Set(instructions.flatMap(declaredNames));
  const predefined = Object.entries(platformArgs).filter(([name]) => declared.has(name));
  const args = { ...Object.fromEntries(predefined), ...choice.args };
  const used = upToTarget(instructions, choice.target);
  const [bases, platformFlags]: [Base[], Place[]] = [[], []];
  const stages: string[] = [];
  // As BuildKit has it: the platform is known everywhere, other arguments where they are declared before.
  const known = new Map(
    Object.entries({ ...platformArgs, ...args }).filter(([name]) => name in platformArgs),
  );
  for (const instruction of used) {
    const { word, rest, first } = instruction;
    if (word === 'ARG' && stages.length === 0) declare(known, rest, args);
    if (word === 'FROM') {
      const from = readFrom(instruction);
      const image = expandAt(first, from.image, known);
      if (image === '')
        throw new DockerfileProblem(first, `FROM ${from.image} is empty: a variable is not set`);
      if (image !== 'scratch' && !stages.includes(image.toLowerCase()))
        bases.push({ ...placeOf(instruction, from.image), image, prefix: '' });
      if (from.platform !== undefined) {
        samePlatform(first, expandAt(first, from.platform, known), choice.platform);
        platformFlags.push(placeOf(instruction, `--platform=${from.platform}`));
      }
      stages.push((from.name ?? `#${stages.length}`).toLowerCase());
    }
    if (word === 'COPY') bases.push(...copiedFrom(instruction, stages));
  }
  if (stages.length === 0) throw new DockerfileProblem(1, 'there is no FROM');
  const builder = used.some(needsBuildKit) ? 'buildkit' : 'classic';
  return { instructions, bases, platformFlags, args, builder };
}

/** The same text with other words in these places. Pure. */
export function rewritten(text: string, places: readonly { place: Place; by: string }[]): string {
  const lines = text.split('\n');
  for (const { place, by } of places)
    for (let at = place.first - 1; at < place.last; at += 1) {
      const words = (lines[at] ?? '').split(/(\s+)/);
      const index = words.indexOf(place.written);
      if (index < 0 || words.find((word) => word.trim() !== '')?.startsWith('#') === true) continue;
      lines[at] = words.with(index, by).join('');
      break;
    }
  return lines.join('\n');
}

function placeOf({ first, last }: Instruction, written: string): Place {
  return { first, last, written };
}

interface From {
  readonly platform: string | undefined;
  readonly image: string;
  readonly name: string | undefined;
}

function readFrom({ rest, first }: Instruction): From {
  const words = rest.split(/\s+/).filter((word) => word !== '');
  const flags = words.filter((word) => word.startsWith('--'));
  const [image, as, name] = words.filter((word) => !word.startsWith('--'));
  if (image === undefined) throw new DockerfileProblem(first, 'FROM names no image');
  if (as !== undefined && (as.toLowerCase() !== 'as' || name === undefined))
    throw new DockerfileProblem(first, `FROM ${rest}: expected FROM IMAGE [AS NAME]`);
  const platform = flags.find((flag) => flag.startsWith('--platform='))?.slice('--platform='.length);
  return { platform, image, name };
}

/** All before the stage after the target: the classic builder builds every stage up to there. */
function upToTarget(
  instructions: readonly Instruction[],
  target: string | undefined,
): readonly Instruction[] {
  if (target === undefined) return instructions;
  const froms = instructions.filter(({ word }) => word === 'FROM');
  const names = froms.map((from) => readFrom(from).name?.toLowerCase());
  const named = names.indexOf(target.toLowerCase());
  const index = named < 0 && /^\d+$/.test(target) ? Number(target) : named;
  if (index < 0 || index >= froms.length) {
    const there = names.filter((name) => name !== undefined).join(', ') || 'no named stage';
    throw new DockerfileProblem(1, `there is no stage ${target}; the file has ${there}`);
  }
  const next = froms[index + 1];
  return next === undefined ? instructions : instructions.filter(({ first }) => first < next.first);
}

function samePlatform(line: number, platform: string, own: string): void {
  if (platform === own || platform.startsWith(`${own}/`)) return;
  throw new DockerfileProblem(line, `it asks for the platform ${platform}, and the engine runs ${own}`);
}

/** `COPY --from=IMAGE`: anything that is no stage is an image. */
function copiedFrom(instruction: Instruction, stages: readonly string[]): readonly Base[] {
  const image = /^(?:--\S+\s+)*?--from=(\S+)/.exec(instruction.rest)?.[1];
  if (image === undefined || image === 'scratch' || /^\d+$/.test(image)) return [];
  return stages.includes(image.toLowerCase())
    ? []
    : [{ ...placeOf(instruction, `--from=${image}`), image, prefix: '--from=' }];
}

function declaredNames({ word, rest }: Instruction): readonly string[] {
  return word === 'ARG' ? [...rest.matchAll(ARGUMENT)].map(([, name = '']) => name) : [];
}

const ARGUMENT = /(?<!\S)([A-Za-z_]\w*)(?:=("(?:[^"\\]|\\.)*"|'[^']*'|\S*))?/g;

function declare(known: Map<string, string>, rest: string, args: Readonly<Record<string, string>>): void {
  for (const [, name = '', written] of rest.matchAll(ARGUMENT)) {
    const value = args[name] ?? (written === undefined ? undefined : expand(unquoted(written), known));
    if (value !== undefined) known.set(name, value);
  }
}

function unquoted(text: string): string {
  return /^(["'])(.*)\1$/s.exec(text)?.[2] ?? text;
}

function expandAt(line: number, text: string, known: ReadonlyMap<string, string>): string {
  try {
    return expand(unquoted(text), known);
  } catch (error) {
    throw new DockerfileProblem(line, `${text}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** What BuildKit sets by itself, for a build on the platform that the image is for. */
function platformArguments(platform: string): Readonly<Record<string, string>> {
  const [os = '', arch = '', variant = ''] = platform.split('/');
  const of = (side: string) => ({
    [`${side}PLATFORM`]: platform,
    [`${side}OS`]: os,
    [`${side}ARCH`]: arch,
    [`${side}VARIANT`]: variant,
  });
  return { ...of('BUILD'), ...of('TARGET') };
}

const BUILDKIT_FLAGS: Readonly<Record<string, RegExp>> = {
  RUN: /^(?:--\S+\s+)*?(--(?:mount|network|security|device)\b)/,
  COPY: /^(?:--\S+\s+)*?(--(?:link|chmod|parents|exclude)\b)/,
  ADD: /^(?:--\S+\s+)*?(--(?:link|chmod|checksum|keep-git-dir|exclude|unpack)\b)/,
};

function needsBuildKit({ word, rest, hereDocument }: Instruction): boolean {
  return hereDocument || BUILDKIT_FLAGS[word]?.test(rest) === true;
}
