import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { exited, runProgram } from '../../support/e2e-program.ts';
import { lowestNode, NEWEST_22, nodeProgram } from '../../support/node-versions.ts';

const DIST = join(import.meta.dirname, '../../../dist');

/** Parses every file that it is told on stdin, runs none, and says which it cannot read. */
const PARSE_ALL = `
import { readFileSync } from 'node:fs';
import { SourceTextModule } from 'node:vm';
for (const path of readFileSync(0, 'utf8').split('\\n'))
  try {
    new SourceTextModule(readFileSync(path, 'utf8'), { identifier: path });
  } catch (error) {
    console.log(path, error.message);
  }
`;

it.for([await lowestNode(), NEWEST_22])('Node.js %s can read every file of dist', async (version) => {
  const names = await readdir(DIST, { recursive: true });
  const files = names.filter((name) => name.endsWith('.js')).map((name) => join(DIST, name));
  expect(files.length).toBeGreaterThan(300);
  const argv = ['--experimental-vm-modules', '--no-warnings', '--input-type=module', '-e', PARSE_ALL];
  const ended = await runProgram(await nodeProgram(version), argv, { stdin: files.join('\n') });
  expect(exited(ended, 0).stdout).toBe('');
});
