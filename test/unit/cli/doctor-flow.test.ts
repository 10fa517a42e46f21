import { describe, expect, it } from 'vitest';
import { withFlags } from '../../../src/cli/doctor-flow.ts';
import { diagnose } from '../../../src/doctor/diagnose.ts';
import { ABOUT, factsWith } from '../doctor/healthy.ts';

const holder = { kind: 'process', owner: { pid: 42, program: 'nginx' } } as const;
const diagnosis = diagnose(
  factsWith({
    port: { kind: 'taken', port: 443, suggestion: 8443, holder },
    lab: { meshdevVersion: '0.1.0', istioctl: true },
  }),
  ABOUT,
);

const remediesOf = (id: string, flags: Parameters<typeof withFlags>[1]) =>
  withFlags(diagnosis, flags).findings.find((one) => one.id === id && one.state !== 'ok')?.remedies;

describe('the remedies of doctor', () => {
  it('are about the lab that it was asked about', () => {
    expect(remediesOf('MD-HOST-006', { name: 'blue', domain: 'a.test' })).toEqual([
      'meshdev up --name blue --domain a.test --https-port 8443',
      'kill 42',
    ]);
  });

  it('keep what they say themselves', () => {
    expect(remediesOf('MD-HOST-006', { httpsPort: '443' })?.[0]).toBe('meshdev up --https-port 8443');
    expect(remediesOf('MD-HOST-008', {})).toEqual([
      'meshdev up --dry-run --name demo',
      'meshdev up --name demo',
    ]);
  });
});
