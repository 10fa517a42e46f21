import { MeshdevError } from '../errors/meshdev-error.ts';

/** Flags of ours, before the first word of kubectl's: kubectl has none of these names there. */
const OWN_FLAGS: ReadonlySet<string> = new Set(['--name', '--config']);

/** Global flags of kubectl that take the next word as their value. */
const TAKES_VALUE: ReadonlySet<string> = new Set(
  [
    'as',
    'as-group',
    'as-uid',
    'cluster',
    'context',
    'namespace',
    'request-timeout',
    'server',
    'token',
    'user',
    'v',
  ]
    .map((name) => `--${name}`)
    .concat('-n', '-s', '-v'),
);

/** What needs this machine, and not the node that kubectl runs in. */
const NEEDS_HOST: Readonly<Record<string, string>> = {
  cp: 'copies files of this machine',
  edit: 'opens an editor on this machine',
  'port-forward': 'listens on this machine',
  proxy: 'listens on this machine',
};

const FILE_FLAGS: ReadonlySet<string> = new Set([
  '-f',
  '--filename',
  '-k',
  '--kustomize',
  '--from-env-file',
  '--from-file',
  '--patch-file',
]);

/**
 * Arguments for the parser: everything of kubectl's behind `--`, so that no flag of it is taken for one of ours. Other
 * commands stay as they are. Pure.
 */
export function forKubectl(argv: readonly string[]): readonly string[] {
  const [command, ...rest] = argv;
  if (command !== 'kubectl' || (rest.length === 1 && ['--help', '-h'].includes(rest[0] ?? ''))) return argv;
  const own = ownFlagsIn(rest);
  const others = rest.slice(own);
  return [command, ...rest.slice(0, own), '--', ...(others[0] === '--' ? others.slice(1) : others)];
}

function ownFlagsIn(words: readonly string[]): number {
  let at = 0;
  for (;;) {
    const word = words[at] ?? '';
    if (OWN_FLAGS.has(word)) at += 2;
    else if (OWN_FLAGS.has(word.split('=', 1)[0] ?? '')) at += 1;
    else return Math.min(at, words.length);
  }
}

/**
 * Whether kubectl will read stdin. Otherwise it is left alone: a loop that reads lines must not lose them to a kubectl
 * that never asked. Pure.
 */
export function readsStdin(args: readonly string[]): boolean {
  const own = beforeDashes(args);
  return own.some(
    (word, index) =>
      /^(?:-i|-it|-ti|--stdin|--stdin=true|-f-|(?:-f|--filename)=-)$/.test(word) ||
      (word === '-' && (own[index - 1] ?? '').startsWith('-')) ||
      /(?:^|=)\/dev\/stdin$/.test(word),
  );
}

/**
 * What cannot work from inside of the node.
 * @param isHere whether this machine has a file or directory of that path
 * @throws MeshdevError USAGE with what works instead
 */
export function refuseHostWords(args: readonly string[], isHere: (path: string) => boolean): void {
  const command = commandOf(args);
  const needs = command === undefined ? undefined : NEEDS_HOST[command];
  if (needs !== undefined)
    throw new MeshdevError('USAGE', {
      message: `running kubectl ${command} in the node: it ${needs}, and the node has no access to this machine`,
      remedies: ['eval "$(meshdev env)", then a kubectl of your own', 'meshdev docs commands'],
    });
  // `logs -f` follows, and names no file.
  const file = command === 'logs' ? undefined : hostFileIn(args, isHere);
  if (file === undefined) return;
  throw new MeshdevError('USAGE', {
    message: `running kubectl in the node: ${file} is on this machine, and kubectl reads files of the node`,
    remedies: [`meshdev kubectl ${withStdin(args, file)} < ${file}`],
  });
}

/** The command of kubectl: its first word that is neither a flag nor the value of one. */
function commandOf(args: readonly string[]): string | undefined {
  return args.find((word, index) => !word.startsWith('-') && !TAKES_VALUE.has(args[index - 1] ?? ''));
}

function hostFileIn(args: readonly string[], isHere: (path: string) => boolean): string | undefined {
  const own = beforeDashes(args);
  const named = own.flatMap((word, index) => {
    const [flag = '', ...value] = word.split('=');
    if (value.length > 0) return FILE_FLAGS.has(flag) ? [value.join('=')] : [];
    return FILE_FLAGS.has(own[index - 1] ?? '') ? [word] : [];
  });
  return named.find((path) => path !== '-' && !/^https?:/.test(path) && isHere(path));
}

function withStdin(args: readonly string[], file: string): string {
  return args
    .map((word) => (word === file ? '-' : word.endsWith(`=${file}`) ? word.replace(file, '-') : word))
    .join(' ');
}

/** What stands behind `--` is for the program that `kubectl exec` runs. */
function beforeDashes(args: readonly string[]): readonly string[] {
  const at = args.indexOf('--');
  return at === -1 ? args : args.slice(0, at);
}
