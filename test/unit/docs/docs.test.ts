import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { REASONS } from '../../../src/checks/reasons.ts';
import { COMMANDS } from '../../../src/cli/command-list.ts';
import { buildTree } from '../../../src/cli/command-tree.ts';
import { EXIT, PROBLEMS } from '../../../src/errors/problems.ts';
import { UP_STEP_IDS, UP_STEPS } from '../../../src/up/plan/up-steps.ts';
import { DOCUMENT_KINDS } from '../../../src/report/json.ts';
import { HOP_IDS } from '../../../src/topology/hop.ts';
import { TABLES } from '../../support/docs-tables.ts';

const ROOT = join(import.meta.dirname, '../../..');

/** The text of a document, without the backslashes and the padding that Markdown tables need. */
async function read(path: string): Promise<string> {
  const text = await readFile(join(ROOT, path), 'utf8');
  return text.replaceAll('\\', '').replaceAll(/ {2,}/g, ' ');
}

/** Without the backslashes, dashes and blanks that the formatter pads tables with. */
function squeezed(text: string): string {
  return text.replaceAll(/[\\ ]|-{2,}/g, '');
}

function rowOf(text: string, first: string): string {
  return text.split('\n').find((line) => line.startsWith(`| \`${first}\` |`)) ?? '';
}

function firstCells(text: string, shape: RegExp): readonly string[] {
  return [...text.matchAll(/^\| `([^`]+)` \|/gm)].flatMap(([, cell]) =>
    cell !== undefined && shape.test(cell) ? [cell] : [],
  );
}

describe('the generated tables', () => {
  it.each(Object.entries(TABLES))('of %s are those of the code (npm run docs)', async (path, tables) => {
    expect(squeezed(await read(path))).toContain(squeezed(tables));
  });
});

describe('docs/errors.md', async () => {
  const text = await read('docs/errors.md');

  it.each(Object.entries(PROBLEMS))('has %s with exit code and title', (code, { exit, title }) => {
    expect(rowOf(text, code)).toContain(`| ${exit} | ${title} |`);
  });

  it.each(Object.values(EXIT))('explains exit code %i', (exit) => {
    expect(text).toMatch(new RegExp(`^\\| ${exit} \\|`, 'm'));
  });

  it('has no code that is not in a catalogue', () => {
    const known = new Set([...Object.keys(PROBLEMS), ...Object.keys(REASONS)]);
    expect(firstCells(text, /^[A-Z0-9_]+$/).filter((code) => !known.has(code))).toEqual([]);
  });
});

describe('docs/commands.md', async () => {
  const text = await read('docs/commands.md');
  const program = await buildTree(COMMANDS, () => async () => undefined, {
    out: () => undefined,
    err: () => undefined,
  });

  it.each(leaves(program, 'meshdev'))('describes $path with every flag', ({ path, command }) => {
    const section = sectionOf(text, path);
    expect(section).not.toBe('');
    for (const { flags } of command.options.filter(({ hidden }) => !hidden))
      expect(section).toContain(`\`${flags}\``);
  });
});

describe('docs/ci.md', async () => {
  const text = await read('docs/ci.md');

  it.each(DOCUMENT_KINDS)('names the document %s of -o json', (kind) => {
    expect(text).toContain(`\`${kind}\``);
  });
});

describe('docs/architecture.md', async () => {
  const text = await read('docs/architecture.md');

  it.each(UP_STEP_IDS)('has the step %s with its needs', (id) => {
    const needs = UP_STEPS[id].needs.join(', ');
    expect(rowOf(text, id)).toContain(`| ${UP_STEPS[id].title} | ${needs === '' ? '–' : needs} |`);
  });

  it.each(HOP_IDS)('has the hop %s', (id) => {
    expect(text).toContain(`\`${id}\``);
  });
});

interface Leaf {
  readonly path: string;
  readonly command: Command;
}

function leaves(parent: Command, above: string): readonly Leaf[] {
  return parent.commands.flatMap((command) => {
    const path = `${above} ${command.name()}`;
    return command.commands.length === 0 ? [{ path, command }] : leaves(command, path);
  });
}

function sectionOf(text: string, path: string): string {
  return text.split(/^#{2,3} /m).find((section) => section.startsWith(`\`${path}`)) ?? '';
}
