import { describe, expect, it } from 'vitest';
import { exited } from '../../support/e2e-program.ts';
import { notGreenIn } from '../../support/not-green.ts';

const verdict = (id: string, kind: string, code: string | null = null, one: string | null = null) => ({
  id,
  case: one,
  verdict: kind,
  code,
  message: code === null ? null : `message of ${id}`,
});

const PASSED = Array.from({ length: 400 }, (_, at) => verdict(`MD-JWT-${at}`, 'pass'));
const CHECKS = [
  verdict('MD-MESH-005', 'unknown', 'CONTROL_NOT_GREEN', 'httpbin'),
  verdict('MD-MESH-005', 'unknown', 'CONTROL_NOT_GREEN', 'ledger'),
  verdict('MD-MESH-015', 'unknown', 'INTRUDER_CUT_OFF', 'dns'),
  ...PASSED,
  verdict('MD-DRIFT-001', 'fail', 'DRIFT_OBJECTS'),
  verdict('MD-EXPO-003', 'unknown', 'BEHIND_BROKEN_LINK', 'socket'),
];
const WANTED = [
  'fail MD-DRIFT-001 DRIFT_OBJECTS: message of MD-DRIFT-001',
  'unknown MD-MESH-015[dns] INTRUDER_CUT_OFF: message of MD-MESH-015',
  '3 follow from others: MD-MESH-005, MD-EXPO-003',
];

describe('what is not green in the output of a command', () => {
  it.each([
    ['check -o json', { kind: 'CheckReport', checks: CHECKS }],
    ['up -o json', { kind: 'UpReport', steps: [], check: { checks: CHECKS } }],
  ])('of %s: causes first, consequences counted', (_of, document) => {
    expect(notGreenIn(JSON.stringify(document))).toEqual(WANTED);
  });

  it('of what people are shown: each with its reason', () => {
    const text = [
      'gateway -> sidecar   mutual TLS',
      '  FAIL     MD-MESH-005  plaintext is closed without data   [httpbin]',
      '             MESH_NOT_STRICT  plaintext was answered',
      '             run    meshdev up',
      '  UNKNOWN  MD-MESH-015  the non-mesh client reaches what it may   [dns]',
      '             INTRUDER_CUT_OFF  the non-mesh client cannot resolve the public name',
      '  ok       76 verified, 1209 forgeries refused',
    ].join('\n');
    expect(notGreenIn(text)).toEqual([
      'FAIL     MD-MESH-005  plaintext is closed without data   [httpbin]: MESH_NOT_STRICT  plaintext was answered',
      'UNKNOWN  MD-MESH-015  the non-mesh client reaches what it may   [dns]: INTRUDER_CUT_OFF  the non-mesh client cannot resolve the public name',
    ]);
  });

  it('is nothing of an error and of a green report', () => {
    expect(notGreenIn('{"kind":"Error","code":"LAB_NOT_UP"}')).toEqual([]);
    expect(notGreenIn(JSON.stringify({ checks: PASSED }))).toEqual([]);
    expect(notGreenIn('')).toEqual([]);
  });

  it('comes first when a command ended otherwise than it should have', () => {
    const stdout = JSON.stringify({ kind: 'UpReport', check: { checks: CHECKS } });
    const ended = { exitCode: 6, stdout, stderr: 'progress', durationMs: 1 };
    expect(() => exited(ended, 0)).toThrow(
      `exit 6, wanted 0\n--- not green\n${WANTED.join('\n')}\n--- stderr\nprogress\n--- stdout\n`,
    );
  });
});
