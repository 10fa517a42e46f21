import { describe, expect, it } from 'vitest';
import { buildLog } from '../../../../src/images/services/build-log.ts';
import { readDockerfile } from '../../../../src/images/services/dockerfile.ts';

function logOf(text: string) {
  const said: string[] = [];
  const names = { service: 'orders', context: './app', dockerfile: 'app/Dockerfile', args: [] };
  const dockerfile = readDockerfile(text, { args: {}, platform: 'linux/amd64' });
  const run = { signal: new AbortController().signal, progress: (line: string) => void said.push(line) };
  return { said, log: buildLog({ names, dockerfile }, run) };
}

describe('the log of the classic builder', () => {
  it('gives the step with its line, and the last 15 lines of it', () => {
    const { said, log } = logOf('ARG A=1\n# why\nFROM a\nRUN one\n');
    expect(log.step(undefined)).toBeUndefined();
    log.hear('Step 2/4 : FROM a\n ---> 0123\nold\nStep 3/4 : RUN o');
    log.hear('ne\n ---> Running in 45\n\u001B[31mline 1\u001B[0m\n');
    for (let index = 2; index <= 20; index += 1) log.hear(`line ${index}\r\n`);
    log.hear('Removing intermediate container 45\nlast, without an end');
    expect(log.step(undefined)).toBe('step 3 of 4, app/Dockerfile:4 RUN one');
    expect(said).toEqual([
      'building orders · step 2 of 4 · FROM a',
      'building orders · step 3 of 4 · RUN one',
    ]);
    const numbers = Array.from({ length: 14 }, (_, index) => `line ${index + 7}`);
    expect(log.output()).toEqual([...numbers, 'last, without an end']);
  });

  it('has no line for the steps that are added', () => {
    const { log } = logOf('FROM a\n');
    log.hear('Step 2/2 : LABEL x=y\n');
    expect(log.step(undefined)).toBe('step 2 of 2, LABEL x=y');
  });

  it('shows no secret, in one line or several', () => {
    const { said, log } = logOf('FROM a\nRUN x\n');
    log.hear('Step 2/2 : RUN curl -H "Authorization: Bearer abcdefgh"\npassword=hunter2\n');
    log.hear('-----BEGIN PRIVATE KEY-----\nMIIBhunter2\n-----END PRIVATE KEY-----\n');
    expect(log.output()).toEqual(['password=[redacted]', '[private key]']);
    expect(`${said.join()}${log.step(undefined)}`).not.toMatch(/abcdefgh/);
  });
});

describe('the log of BuildKit', () => {
  it('gives the named step, and keeps what others printed', () => {
    const { said, log } = logOf('FROM a AS one\nRUN --mount=type=cache,target=/x \\\n  make\nRUN two\n');
    log.hear(
      '[internal] load remote build context\ncopy /context /\n[one 2/3] RUN --mount=type=cache,target=/x   make\n',
    );
    log.hear('made\n[one 3/3] RUN two\n');
    expect(log.step('[one 2/3] RUN --mount=type=cache,target=/x   make')).toBe(
      'step 2 of 3, app/Dockerfile:2 RUN --mount=type=cache,target=/x   make',
    );
    expect(log.step('exporting to image')).toBe('exporting to image');
    expect(log.step(undefined)).toBe('step 3 of 3, app/Dockerfile:4 RUN two');
    expect(log.output()).toEqual(['made']);
    expect(said).toHaveLength(2);
  });
});
