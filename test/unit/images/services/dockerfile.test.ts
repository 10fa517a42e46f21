import { describe, expect, it } from 'vitest';
import { instructionsOf } from '../../../../src/images/services/dockerfile-lines.ts';
import {
  type BuildChoice,
  DockerfileProblem,
  readDockerfile,
  rewritten,
} from '../../../../src/images/services/dockerfile.ts';
import { expand } from '../../../../src/images/services/expand.ts';

const lines = (...all: readonly string[]): string => `${all.join('\n')}\n`;
const read = (text: string, choice: Partial<BuildChoice> = {}) =>
  readDockerfile(text, { args: {}, platform: 'linux/amd64', ...choice });
const bases = (text: string, choice: Partial<BuildChoice> = {}) =>
  read(text, choice).bases.map(({ image }) => image);

describe('instructions of a Dockerfile', () => {
  it('are joined over lines, without comments and empty lines', () => {
    const text = lines(
      '# syntax=x',
      '',
      'from a AS b',
      'RUN one \\',
      '  # why',
      '',
      '  two \\  ',
      '  three',
      'USER 1',
    );
    expect(instructionsOf(text)).toMatchObject([
      { word: 'FROM', rest: 'a AS b', first: 3, last: 3 },
      { word: 'RUN', rest: 'one   two   three', first: 4, last: 8 },
      { word: 'USER', rest: '1', first: 9, last: 9 },
    ]);
  });

  it('may be continued with a backtick, where a directive says it', () => {
    const text = lines('# escape=`', 'FROM a', 'COPY C:\\ D:\\', 'RUN one `', 'two');
    expect(instructionsOf(text).map(({ rest }) => rest)).toEqual(['a', 'C:\\ D:\\', 'one two']);
  });

  it('keep what looks like an instruction in a here-document to themselves', () => {
    const text = lines('FROM a', 'RUN <<EOF psql', 'SELECT 1', 'FROM users', 'EOF', 'USER 1');
    expect(instructionsOf(text)).toMatchObject([
      { word: 'FROM' },
      { word: 'RUN', hereDocument: true, first: 2, last: 5 },
      { word: 'USER', first: 6 },
    ]);
  });

  it('end with the file, whatever is still open', () => {
    expect(instructionsOf('FROM a\r\nRUN x \\')).toMatchObject([{ rest: 'a' }, { rest: 'x', last: 2 }]);
  });
});

describe('base images', () => {
  it.each<[string, readonly string[], readonly string[], Partial<BuildChoice>?]>([
    ['one', ['FROM node:22', 'RUN x'], ['node:22']],
    ['none of scratch', ['FROM scratch', 'COPY a /'], []],
    [
      'stages',
      ['FROM go:1 AS Build', 'FROM build AS test', 'FROM tiny', 'COPY --from=build /a /'],
      ['go:1', 'tiny'],
    ],
    ['arguments', ['ARG V=22', 'ARG I=node:${V}', 'FROM ${I}-alpine'], ['node:22-alpine']],
    ['given arguments', ['ARG V=22', 'FROM node:$V'], ['node:24'], { args: { V: '24' } }],
    ['arguments without a value', ['ARG V', 'FROM node:${V:-20}'], ['node:20']],
    ['quoted arguments', ['ARG A="x y" V=\'1.2\'', 'FROM "node:${V}"'], ['node:1.2']],
    [
      'of the platform',
      ['FROM --platform=$BUILDPLATFORM go AS b', 'FROM x:${TARGETARCH}'],
      ['go', 'x:amd64'],
    ],
    [
      'images to copy from',
      ['FROM a', 'COPY --chown=1:1 --from=caddy:2 /x /', 'COPY --from=0 /y /'],
      ['a', 'caddy:2'],
    ],
    ['up to the target', ['FROM a AS one', 'FROM b AS two', 'FROM c'], ['a', 'b'], { target: 'TWO' }],
    ['up to a number', ['FROM a', 'FROM b'], ['a'], { target: '0' }],
  ])('%s', (_what, text, wanted, choice) => expect(bases(lines(...text), choice)).toEqual(wanted));

  it('are not shadowed by arguments of a stage', () => {
    expect(bases(lines('ARG V=1', 'FROM a:$V', 'ARG V=2', 'FROM b:$V'))).toEqual(['a:1', 'b:1']);
  });
});

describe('a Dockerfile', () => {
  it.each<[readonly string[], number, RegExp, Partial<BuildChoice>?]>([
    [['RUN x'], 1, /no FROM/],
    [['', 'FROM ${V}'], 2, /a variable is not set/],
    [['FROM a b'], 1, /expected FROM IMAGE \[AS NAME\]/],
    [['FROM ${V:?give a version}'], 1, /give a version/],
    [['FROM ${V%x}'], 1, /not supported/],
    [['FROM a AS one'], 1, /no stage two; the file has one/, { target: 'two' }],
    [['FROM --platform=linux/arm64 a'], 1, /the platform linux\/arm64, and the engine runs linux\/amd64/],
  ])('%j is refused', (text, line, message, choice) => {
    let problem: unknown;
    try {
      read(lines(...text), choice);
    } catch (error) {
      problem = error;
    }
    expect(problem).toBeInstanceOf(DockerfileProblem);
    expect(problem).toMatchObject({ line, message: expect.stringMatching(message) });
  });

  it.each<[string, string]>([
    ['RUN make', 'classic'],
    ['RUN --mount=type=cache,target=/x make', 'buildkit'],
    ['RUN --network=none make', 'buildkit'],
    ['COPY --chown=1:1 a b', 'classic'],
    ['COPY --from=x --link a b', 'buildkit'],
    ['COPY --chmod=755 a b', 'buildkit'],
    ['ADD --checksum=sha256:1 a b', 'buildkit'],
    ['RUN <<EOF\nmake\nEOF', 'buildkit'],
    ['ENV A=--mount', 'classic'],
  ])('with %j is built by %s', (line, builder) => {
    expect(read(lines('FROM a', line)).builder).toBe(builder);
  });

  it('is built by the classic builder where only a stage after the target needs the other', () => {
    const text = lines('FROM a AS one', 'FROM b', 'RUN --mount=type=cache x');
    expect(read(text, { target: 'one' }).builder).toBe('classic');
  });

  it('gets the arguments of the platform that it declares, and those that are given', () => {
    const text = lines('FROM a', 'ARG TARGETARCH TARGETOS=linux', 'ARG X');
    expect(read(text).args).toEqual({ TARGETARCH: 'amd64', TARGETOS: 'linux' });
    expect(read(text, { args: { TARGETARCH: 'arm64', X: '1' } }).args).toMatchObject({
      TARGETARCH: 'arm64',
      X: '1',
    });
  });

  it('is rewritten in its places, and nowhere else', () => {
    const text = lines('# FROM a', 'FROM --platform=$BUILDPLATFORM \\', '  a AS x', 'COPY --from=a a b');
    const { bases: found, platformFlags } = read(text);
    const places = [
      ...found.map((place) => ({ place, by: `${place.prefix}$&` })),
      ...platformFlags.map((place) => ({ place, by: '' })),
    ];
    expect(rewritten(text, places)).toBe(lines('# FROM a', 'FROM  \\', '  $& AS x', 'COPY --from=$& a b'));
  });
});

describe('variables', () => {
  const values = new Map([
    ['A', '1'],
    ['E', ''],
  ]);
  it.each([
    ['$A-${A}', '1-1'],
    ['${N:-d}${N-d}${E-d}${E:-d}', 'ddd'],
    ['${A:+s}${E:+s}${E+s}${N+s}', 'ss'],
    ['${N:-${A}}-${N:-x${N:-y}}', '1-xy'],
    [String.raw`\$A\x`, '$Ax'],
    ['$N', ''],
  ])('%s is %s', (text, expected) => expect(expand(text, values)).toBe(expected));
});
