import { styleText } from 'node:util';
import { describe, expect, it } from 'vitest';
import { fold } from '../../../src/report/fold.ts';

const folded = (line: string, columns = 40): readonly string[] => fold(line, columns).split('\n');

describe('fold', () => {
  it('leaves text alone that goes nowhere near a screen, or fits on it', () => {
    const long = `  FAIL  ${'word '.repeat(60)}`;
    expect(fold(long, undefined)).toBe(long);
    expect(folded('  ok    29 proved, 189 forgeries refused')).toEqual([
      '  ok    29 proved, 189 forgeries refused',
    ]);
  });

  it('breaks between words, and goes on below the beginning of the text', () => {
    expect(folded('  FAIL  MD-EDGE-001  each public name completes a TLS 1.3 handshake')).toEqual([
      '  FAIL  MD-EDGE-001  each public name',
      '        completes a TLS 1.3 handshake',
    ]);
    expect(folded('          EVIDENCE_MISSING  could not see: edge.twins: no answer')).toEqual([
      '          EVIDENCE_MISSING  could not',
      '          see: edge.twins: no answer',
    ]);
    expect(folded('155 checks (55 negative), 1919 verdicts: 1898 pass   exit 0')).toEqual([
      '155 checks (55 negative), 1919 verdicts:',
      '  1898 pass   exit 0',
    ]);
  });

  it('never breaks a command: it is to be copied as it stands', () => {
    const run = `          run    meshdev up --name ${'x'.repeat(60)} --https-port 9442`;
    expect(folded(run)).toEqual([run]);
    const hint = `try   curl --cacert "$(meshdev env --ca)" https://httpbin.mesh.localhost/headers`;
    expect(folded(hint)).toEqual([hint]);
  });

  it('never breaks a word, such as a digest', () => {
    const digest = `sha256:${'0'.repeat(64)}`;
    expect(folded(`  engine     meshdev.local/edge:f0ad31162fac08f6  ${digest}`)).toContain(
      `             ${digest}`,
    );
  });

  it('counts no colours, and ends them at the end of each row', () => {
    const painted = styleText('red', 'a link is broken that stands here for all of them', {
      validateStream: false,
    });
    const rows = folded(`  ${painted}`, 30);
    expect(rows.length).toBe(2);
    for (const row of rows) {
      expect(row.trim().startsWith('\u001B[31m')).toBe(true);
      expect(row.endsWith('\u001B[39m')).toBe(true);
    }
  });
});
