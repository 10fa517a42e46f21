import { describe, expect, it } from 'vitest';
import { CATALOGUE } from '../../../src/checks/catalogue.ts';
import { explain } from '../../../src/checks/explain.ts';
import { nearest } from '../../../src/checks/nearest.ts';
import { REASONS } from '../../../src/checks/reasons.ts';
import { SIGNALS } from '../../../src/checks/signals.ts';
import { PROBLEMS } from '../../../src/errors/problems.ts';
import { explainText } from '../../../src/report/explain-text.ts';
import { CERTIFICATE_REASONS } from '../../../src/trust/certificate-reason.ts';

describe('explain', () => {
  it.each(CATALOGUE)('knows $id', ({ id, title, means }) => {
    const text = explainText(explain(id.toLowerCase()));
    expect(text).toContain(title);
    expect(text).toContain(means);
  });

  it.each(Object.entries({ ...REASONS, ...CERTIFICATE_REASONS }))('knows %s', (code, title) => {
    expect(explainText(explain(code))).toContain(title);
  });

  it.each(Object.entries(PROBLEMS))('knows %s with its exit code', (code, { title, exit }) => {
    expect(explain(code)).toContainEqual(expect.objectContaining({ kind: 'problem', title, exitCode: exit }));
  });

  it.each(SIGNALS)('knows $source $name', ({ name, reason }) => {
    expect(explain(name)).toContainEqual(expect.objectContaining({ kind: 'signal', reason }));
  });

  it('takes a case for its check, and words as a log has them', () => {
    expect(explain('MD-JWT-010[alg-none]')).toEqual(explain('MD-JWT-010'));
    expect(explainText(explain('dial tcp 127.0.0.1:9: connect: connection refused'))).toContain(
      'nobody listens',
    );
  });

  it('names what is spelt like it', () => {
    expect(() => explain('MD-JWT-0100')).toThrow(/did you mean MD-JWT-010/);
    expect(() => explain('MESH_NOT_STRIKT')).toThrow(/did you mean MESH_NOT_STRICT/);
    expect(() => explain('???')).toThrow(/nothing is called so$/);
  });
});

describe('nearest', () => {
  it('prefers what begins like the word, then the fewest edits', () => {
    expect(nearest('egw', ['gw', 'egw-x', 'mesh'])).toEqual(['egw-x', 'gw']);
    expect(nearest('jtw', ['jwt', 'mesh', 'rbac'])).toEqual(['jwt']);
    expect(nearest('something-else', ['jwt', 'mesh'])).toEqual([]);
  });
});
