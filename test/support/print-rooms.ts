import { stdout } from 'node:process';
import { circles, importsBetween, importsOfSources } from './rooms.ts';

/** `node test/support/print-rooms.ts`: imports from checks to probe, and circles of imports. */
const imports = await importsOfSources();
const found = [
  ['imports from checks to probe', importsBetween(imports, 'checks', 'probe')],
  ['imports from probe to checks', importsBetween(imports, 'probe', 'checks')],
  ['circles of imports', circles(imports).map((circle) => circle.join(' '))],
] as const;
stdout.write(`${imports.size} files below src, imports of types included\n`);
for (const [what, lines] of found)
  stdout.write([`${what}: ${lines.length}`, ...lines.map((line) => `  ${line}`), ''].join('\n'));
