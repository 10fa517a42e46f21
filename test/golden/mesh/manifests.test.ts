import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { describe, expect, it } from 'vitest';
import { foundationObjects, ruleObjects, workloadObjects } from '../../../src/mesh/manifests/mesh-objects.ts';
import { istioOperator } from '../../../src/mesh/manifests/operator.ts';
import { renderKindConfig } from '../../../src/cluster/kind.ts';
import { createLab, DEFAULT_CHOICE } from '../../../src/topology/lab.ts';
import { FAKE_MATERIAL } from '../../support/mesh-material.ts';

const lab = createLab(DEFAULT_CHOICE);
const documents = (objects: readonly unknown[]) =>
  objects.map((object) => stringify(object, { aliasDuplicateObjects: false })).join('---\n');

/** What the default lab hands to kind, istioctl and the API server. Regenerate on purpose: `vitest -u`. */
describe('the manifests of the default lab', () => {
  it.each([
    ['foundation.yaml', documents(foundationObjects(lab, FAKE_MATERIAL))],
    ['rules.yaml', documents(ruleObjects(lab))],
    ['workloads.yaml', documents(workloadObjects(lab, FAKE_MATERIAL))],
    ['operator-stock.yaml', documents([istioOperator(lab, FAKE_MATERIAL, 'upstream')])],
    ['operator-official.yaml', documents([istioOperator(lab, FAKE_MATERIAL, 'istio')])],
  ])('%s', async (file, text) => {
    await expect(text).toMatchFileSnapshot(file);
  });

  it.each([
    ['kind-plain.yaml', { cgroupV1: false, restrictedHost: false, ownCni: false }],
    ['kind-restricted.yaml', { cgroupV1: true, restrictedHost: true, ownCni: true }],
  ])('%s', async (file, needs) => {
    const configDir = join(import.meta.dirname, '../../../kind-config');
    const text = await renderKindConfig({
      lab,
      configDir,
      layout: 'single-node',
      needs,
    });
    await expect(text).toMatchFileSnapshot(file);
  });
});

/** Lines that only one of two texts has, in their order. */
function difference(official: string, stock: string): readonly string[] {
  const [before, after] = [official, stock].map((text) => text.split('\n').map((line) => line.trim()));
  const only = (lines: readonly string[] = [], others: readonly string[] = [], sign: string) =>
    lines.filter((line) => line !== '' && !others.includes(line)).map((line) => `${sign} ${line}`);
  return [...only(before, after, '-'), ...only(after, before, '+')];
}

describe('the profiles `official` and `stock`', async () => {
  const configDir = join(import.meta.dirname, '../../../kind-config');
  const kind = (ownCni: boolean) =>
    renderKindConfig({
      lab,
      configDir,
      layout: 'single-node',
      needs: { cgroupV1: false, restrictedHost: false, ownCni },
    });
  const lines = [
    ...difference(
      documents([istioOperator(lab, FAKE_MATERIAL, 'istio')]),
      documents([istioOperator(lab, FAKE_MATERIAL, 'upstream')]),
    ),
    ...difference(await kind(false), await kind(true)),
  ];

  it('differ in exactly these lines', async () => {
    await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot('profile-difference.txt');
  });

  it.each(lines)('and docs/images.md explains %s', async (line) => {
    const text = await readFile(join(import.meta.dirname, '../../../docs/images.md'), 'utf8');
    const row = text.split('\n').find((one) => one.startsWith(`| \`${line}\``));
    expect(row?.split('|')[2]?.trim()).toMatch(/\w/);
  });
});
