import { describe, expect, it } from 'vitest';
import { CATALOGUE } from '../../../src/checks/catalogue.ts';
import { idOf, mayTurnOf } from '../../sabotage/support/judge-sabotage.ts';
import { readModules } from '../../sabotage/support/modules.ts';

const MODULES = await readModules();
const CORE = MODULES.filter(({ sabotage }) => sabotage.extended !== true);
const categories = (modules: typeof MODULES) => new Set(modules.map(({ sabotage }) => sabotage.category));

describe('the modules that break a live lab', () => {
  it('name verdicts of checks that there are', () => {
    const ids = new Set<string>(CATALOGUE.map(({ id }) => id));
    const names = MODULES.flatMap(({ sabotage }) => [...Object.keys(sabotage.turns), ...mayTurnOf(sabotage)]);
    expect(names.filter((name) => !ids.has(idOf(name)))).toEqual([]);
  });

  it('have a core of every category', () => {
    expect(CORE.length).toBeGreaterThanOrEqual(45);
    expect(categories(CORE)).toEqual(categories(MODULES));
  });

  it('are each in the folder of its category, with a name and words of its own', () => {
    for (const { name, sabotage } of MODULES) expect(name.split('/')[0]).toBe(sabotage.category);
    expect(new Set(MODULES.map(({ sabotage }) => sabotage.what)).size).toBe(MODULES.length);
  });

  it('are known again by a digest of their own', () => {
    expect(new Set(MODULES.map(({ digest }) => digest)).size).toBe(MODULES.length);
  });
});
