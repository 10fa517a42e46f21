import { forKubectl } from './kubectl-line.ts';

/** Flags that shape a lab or say which one is meant, with their short forms. */
const SHAPE = ['--domain', '--https-port', '--image-source', '--bundle', '--mirror'];
/** Where one of these is said, the other would be refused. */
const EXCLUDES: Readonly<Record<string, readonly string[]>> = {
  '--bundle': ['--image-source', '--mirror'],
  '--image-source': ['--bundle'],
  '--mirror': ['--bundle'],
};
const WHICH = ['--name', '--config'];
const SHORT: Readonly<Record<string, string>> = { '-n': '--name' };

/** Commands that take both kinds; the others take only the second. */
const SHAPED = /\bmeshdev up\b/;
const OF_A_LAB =
  /\bmeshdev (?:up|down|start|stop|restart|pause|resume|check|status|token|env|kubectl|expose)\b/;

/**
 * Remedies that work verbatim: without the flags of the command line they would act on another lab.
 * What a remedy says itself stays.
 */
export function repeatFlags(remedies: readonly string[], argv: readonly string[]): readonly string[] {
  const given = flagsOf(ownWords(argv));
  return remedies.map((remedy) => {
    // Help is of a command, and of no lab.
    if (remedy.endsWith(' --help')) return remedy;
    const wanted = SHAPED.test(remedy) ? [...WHICH, ...SHAPE] : WHICH;
    const flags = wanted.flatMap((flag) => {
      const value = given.get(flag);
      const short = /\bmeshdev kubectl\b/.test(remedy) ? [] : shortOf(flag);
      const said = [flag, ...short, ...(EXCLUDES[flag] ?? [])].some((one) => remedy.includes(` ${one} `));
      return value === undefined || said ? [] : [` ${flag} ${value}`];
    });
    return remedy.replace(OF_A_LAB, (command) => `${command}${flags.join('')}`);
  });
}

/** Without what is passed on to kubectl, whose `-n` is a namespace. */
function ownWords(argv: readonly string[]): readonly string[] {
  const words = forKubectl(argv);
  const at = argv[0] === 'kubectl' ? words.indexOf('--') : -1;
  return at === -1 ? argv : words.slice(0, at);
}

function shortOf(flag: string): readonly string[] {
  return Object.keys(SHORT).filter((short) => SHORT[short] === flag);
}

/** `--name lab`, `--name=lab`, `-n lab` and `-nlab`; the last one counts, as it does for the parser. */
function flagsOf(argv: readonly string[]): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const [index, arg] of argv.entries()) {
    const short = SHORT[arg.slice(0, 2)];
    const [flag, inline] = short === undefined ? split(arg) : [short, arg.slice(2) || undefined];
    const value = inline ?? argv[index + 1];
    if (value !== undefined && [...WHICH, ...SHAPE].includes(flag)) found.set(flag, value);
  }
  return found;
}

function split(arg: string): readonly [string, string | undefined] {
  const at = arg.indexOf('=');
  return at === -1 ? [arg, undefined] : [arg.slice(0, at), arg.slice(at + 1)];
}
