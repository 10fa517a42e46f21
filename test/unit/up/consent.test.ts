import { describe, expect, it } from 'vitest';
import { askConsent } from '../../../src/cli/consent.ts';
import { removals, replacements } from '../../../src/up/preflight.ts';
import type { PlannedStep } from '../../../src/run/step.ts';
import type { UpStepId } from '../../../src/up/plan/up-steps.ts';
import { silentCli } from '../../support/silent-cli.ts';

const edge: PlannedStep<UpStepId> = {
  id: 'edge',
  title: 'edge (Caddy)',
  needs: [],
  action: 'replace',
  because: 'another port',
};

describe('consent', () => {
  it('is asked for with what is made anew, why, and what ends with it', () => {
    const steps = [edge, { ...edge, ends: 'open connections end' }];
    expect(replacements('demo', { steps })).toEqual([
      {
        what: 'recreate the edge (Caddy) of the running lab demo: open connections end (another port)',
      },
    ]);
  });

  it('is asked for with what is removed for good', () => {
    const steps = [edge, { ...edge, removes: ['Deployment live', 'StatefulSet queue'] }];
    expect(removals('demo', { steps }).map(({ what }) => what)).toEqual([
      'remove Deployment live from the running lab demo: meshdev.yaml does not have its service any more',
      'remove StatefulSet queue from the running lab demo: meshdev.yaml does not have its service any more',
    ]);
  });

  it.each([
    [{ yes: true, input: true }, true],
    [{ yes: true, input: false }, true],
    [{ input: true }, false],
    [{ input: false }, false],
  ])('with %o and nobody to ask is %s, and the list is said', async (options, answer) => {
    let said = '';
    const { signal } = new AbortController();
    const cli = {
      ...silentCli({ env: {}, cwd: '/', signal }),
      err: (text: string) => (said += text),
    };
    const asked = askConsent(cli, { output: 'text', ...options }, [{ what: 'install jq' }], signal);
    expect(await asked).toBe(answer);
    expect(said).toContain('  - install jq\n');
  });
});
