import type { Command, CommanderError } from 'commander';
import { didYouMean, nearest } from '../nearest.ts';
import { MeshdevError } from '../errors/meshdev-error.ts';

type Synonyms = Readonly<Record<string, readonly string[]>>;

const LAB: Synonyms = {
  up: ['apply', 'create', 'deploy', 'install', 'launch', 'new', 'run'],
  down: ['clean', 'cleanup', 'delete', 'destroy', 'kill', 'remove', 'rm', 'teardown', 'uninstall'],
  pause: ['freeze', 'suspend'],
  resume: ['continue', 'unpause', 'wake'],
  stop: ['halt', 'shutdown'],
  restart: ['reboot'],
  check: ['doctor', 'prove', 'scan', 'test', 'validate', 'verify'],
  status: ['describe', 'get', 'info', 'list', 'ls', 'ps', 'show'],
  token: ['auth', 'jwt', 'login', 'signin'],
  env: ['export', 'kubeconfig', 'vars'],
  explain: ['error', 'what', 'why'],
  docs: ['doc', 'guide', 'man', 'manual', 'tutorial'],
  kubectl: ['exec', 'k', 'kube', 'kubernetes', 'logs'],
  init: ['import', 'scaffold', 'setup'],
  config: ['lint', 'schema', 'settings', 'validate'],
  images: ['cache', 'image', 'prune', 'pull'],
  bundle: ['pack', 'save', 'load'],
  engine: ['docker'],
};

/** Words of other tools for a command of ours, by the command that they follow. */
const SYNONYMS: Readonly<Record<string, Synonyms>> = {
  meshdev: LAB,
  'meshdev engine': {
    start: ['launch', 'run', 'up'],
    stop: ['down', 'kill'],
    status: ['get', 'info', 'list', 'ls', 'ps', 'show'],
  },
  'meshdev config': {
    validate: ['check', 'lint', 'test', 'verify'],
    show: ['get', 'list', 'ls', 'print', 'view'],
  },
  'meshdev images': {
    build: ['create', 'load', 'pull'],
    list: ['get', 'ls', 'ps', 'show', 'status'],
    prune: ['clean', 'delete', 'remove', 'rm'],
    lock: ['digests', 'pin'],
  },
  'meshdev bundle': {
    create: ['build', 'make', 'pack', 'save'],
    inspect: ['info', 'list', 'ls', 'show'],
    verify: ['check', 'test'],
  },
};

/** A shorter word is near to too many. */
const SHORTEST = 3;

/** How far a command line names commands that exist, and the first word that is none. */
interface Named {
  readonly path: string;
  readonly unknown: string | undefined;
  readonly candidates: readonly string[];
}

/**
 * Help and every flag come second: a command that does not exist is an error.
 * @throws MeshdevError USAGE with what may be meant
 */
export function refuseUnknownCommand(program: Command, argv: readonly string[]): void {
  const { path, unknown, candidates } = named(program, argv);
  if (unknown === undefined) return;
  const meant = suggestions(path, unknown, candidates);
  const commands = meant.map((name) => `${path} ${name} --help`);
  throw new MeshdevError('USAGE', {
    message: `reading the command line: ${path} has no command ${JSON.stringify(unknown)}${didYouMean(meant)}`,
    remedies: commands.length === 0 ? [`${path} --help`] : commands,
  });
}

/** What the parser found wrong, as an error of ours. */
export function usageError(
  { message }: CommanderError,
  program: Command,
  argv: readonly string[],
): MeshdevError {
  const [what = '', hint = ''] = message.replace(/^error: /, '').split(/\n?\(Did you mean /);
  const meant = hint.replace(/\?\)\s*$/, '');
  const { path } = named(program, argv);
  return new MeshdevError('USAGE', {
    message: `reading the command line: ${what.replace(/\.$/, '')}${didYouMean(meant === '' ? [] : [meant])}`,
    remedies: [commandFirst(program, argv) ?? `${path} --help`],
  });
}

/** The same words with the command before its flags, where only the order was wrong. */
function commandFirst(program: Command, argv: readonly string[]): string | undefined {
  if (argv[0]?.startsWith('-') !== true) return undefined;
  const names = new Set(program.commands.map((command) => command.name()));
  const at = argv.findIndex((word) => names.has(word));
  const command = argv[at];
  if (command === undefined) return undefined;
  return ['meshdev', command, ...argv.slice(0, at), ...argv.slice(at + 1)].join(' ');
}

function named(program: Command, argv: readonly string[]): Named {
  let at = program;
  let path = program.name();
  for (const word of argv) {
    const candidates = at.commands.map((command) => command.name());
    const settled = { path, unknown: undefined, candidates };
    if (word.startsWith('-') || candidates.length === 0) return settled;
    if (word === 'help') continue;
    const next = at.commands.find((command) => command.name() === word);
    if (next === undefined) return { path, unknown: word, candidates };
    at = next;
    path = `${path} ${word}`;
  }
  return { path, unknown: undefined, candidates: [] };
}

function suggestions(path: string, word: string, candidates: readonly string[]): readonly string[] {
  const wanted = word.toLowerCase();
  const synonyms = Object.entries(SYNONYMS[path] ?? {});
  const known = synonyms.filter(([, words]) => words.includes(wanted)).map(([name]) => name);
  if (known.length > 0) return known;
  return word.length < SHORTEST ? [] : nearest(word, candidates);
}
