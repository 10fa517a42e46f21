import { describe, expect, it } from 'vitest';
import { bypassCases } from '../../../src/cases/bypass-cases.ts';
import { bypassJob, type Places } from '../../../src/probe/exposure/bypass-jobs.ts';
import { wireOf } from '../../../src/probe/requests/wire.ts';
import { createLab, DEFAULT_CHOICE } from '../../../src/topology/lab.ts';

const lab = createLab(DEFAULT_CHOICE);
const cases = bypassCases(lab);
const jobsTo = (places: Places) =>
  cases.flatMap((one) => bypassJob(one, { places, foreign: undefined, host: lab.hosts.httpbin }) ?? []);
const all = (address: string | undefined): Places => ({
  node: address,
  edge: address,
  'gateway-pod': address,
  'gateway-service': address,
  'app-pod': address,
  'app-service': address,
  'istiod-pod': address,
  'api-service': address,
  'idp-name': address,
  'idp-address': address,
});

describe('the ways around the chain', () => {
  it('are tried one by one where everybody is there', () => {
    expect(jobsTo(all('10.0.0.9')).map(({ id }) => id)).toEqual(
      cases.map(({ check, id }) => `${check}/${id}`),
    );
  });

  it.each([[undefined], ['']])(
    'are not tried where nobody is there: the address %j is one’s own',
    (address) => {
      expect(jobsTo(all(address))).toEqual([]);
    },
  );

  it('leave out the party that is not there, and no other', () => {
    const others = jobsTo({ ...all('10.0.0.9'), 'istiod-pod': undefined }).map(({ id }) => id);
    expect(others).toEqual(
      cases.filter(({ to }) => to !== 'istiod-pod').map(({ check, id }) => `${check}/${id}`),
    );
  });
});

it('wireOf keeps whether a connection came about, and the code of what went wrong', () => {
  const error = { code: 'EHOSTUNREACH', message: 'connect EHOSTUNREACH 10.0.0.9:1' };
  const result = { id: 'x', durationMs: 1, bytes: 0, timings: {} } as const;
  const seen = [
    { ...result, kind: 'tcp', connected: true, ended: 'timeout' },
    { ...result, id: 'y', kind: 'http', connected: false, ended: 'unreachable', error },
  ] as const;
  expect(wireOf(seen, 'x')).toMatchObject({ ended: 'timeout', connected: true });
  expect(wireOf(seen, 'y')).toMatchObject({
    connected: false,
    errorCode: 'EHOSTUNREACH',
    error: error.message,
  });
});
