import { describe, expect, it } from 'vitest';
import { CATALOGUE } from '../../../src/checks/catalogue.ts';
import { idOf, mayTurnOf } from '../../fault-injection/support/judge-faults.ts';
import { readModules } from '../../fault-injection/support/modules.ts';

const MODULES = await readModules();
const CORE = MODULES.filter(({ fault }) => fault.extended !== true);
const categories = (modules: typeof MODULES) => new Set(modules.map(({ fault }) => fault.category));

describe('the modules that break a live lab', () => {
  it('name verdicts of checks that there are', () => {
    const ids = new Set<string>(CATALOGUE.map(({ id }) => id));
    const names = MODULES.flatMap(({ fault }) => [...Object.keys(fault.turns), ...mayTurnOf(fault)]);
    expect(names.filter((name) => !ids.has(idOf(name)))).toEqual([]);
  });

  it('have a core of every category', () => {
    expect(CORE.length).toBeGreaterThanOrEqual(45);
    expect(categories(CORE)).toEqual(categories(MODULES));
  });

  it('are each in the folder of its category, with a name and words of its own', () => {
    for (const { name, fault } of MODULES) expect(name.split('/')[0]).toBe(fault.category);
    expect(new Set(MODULES.map(({ fault }) => fault.what)).size).toBe(MODULES.length);
  });

  it('say what they change, as a diagnosis has to name it', () => {
    expect(
      MODULES.filter(({ fault }) => fault.names === undefined && fault.says === undefined).map(
        ({ name }) => name,
      ),
    ).toEqual([]);
  });

  it('are known again by a digest of their own', () => {
    expect(new Set(MODULES.map(({ digest }) => digest)).size).toBe(MODULES.length);
  });
});

describe('the modules that break one of two services', () => {
  const ids = new Set<string>(CATALOGUE.map(({ id }) => id));

  it('name verdicts of checks that there are, and of one service alone', async () => {
    const modules = await readModules('services');
    expect(modules.length).toBeGreaterThan(0);
    for (const { name, fault } of modules) {
      const names = [...Object.keys(fault.turns), ...mayTurnOf(fault)];
      expect(names.filter((one) => !ids.has(idOf(one)))).toEqual([]);
      const services = new Set(names.flatMap((one) => /\[(orders|stock)[/\]]/.exec(one)?.[1] ?? []));
      expect([name, services.size]).toEqual([name, 1]);
      // Of the lab itself: what is about the changed object.
      const others = names.filter((one) => !/\[(orders|stock)[/\]]|^MD-(DRIFT|EXPO)-|\[policies\]/.test(one));
      expect([name, ...others]).toEqual([name]);
    }
  });
});
