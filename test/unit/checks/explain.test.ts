import { describe, expect, it } from 'vitest';
import { CATALOGUE } from '../../../src/checks/catalogue.ts';
import { explain } from '../../../src/checks/explain.ts';
import { TERMS } from '../../../src/checks/terms.ts';
import { DOCS_TOPICS } from '../../../src/cli/docs-topics.ts';
import { nearest } from '../../../src/nearest.ts';
import { REASONS } from '../../../src/checks/reasons.ts';
import { SIGNALS } from '../../../src/checks/signals.ts';
import { PROBLEMS } from '../../../src/errors/problems.ts';
import { explainText } from '../../../src/report/explain-text.ts';
import { CERTIFICATE_REASONS } from '../../../src/trust/certificate-reason.ts';

describe('explain', () => {
  it.each(CATALOGUE)('knows $id', ({ id, title, impact }) => {
    const text = explainText(explain(id.toLowerCase()));
    expect(text).toContain(title);
    expect(text).toContain(impact);
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
      'no process listens',
    );
  });

  /** As curl, a browser, OpenSSL, Go and Envoy show it. */
  it.each([
    ['RBAC: access denied', /no policy allows this user/],
    ['Jwt verification fails', /signature of the token/],
    ['Jwt is missing', /a required token is missing/],
    ['Jwt is expired', /has expired/],
    ['Audiences in Jwt are not allowed', /another audience/],
    ['421 Misdirected Request', /SNI and Host differ/],
    ['HTTP/2 421', /SNI and Host differ/],
    ['XFCC', /names the client whose certificate it verified/],
    ['x-forwarded-client-cert', /names the client whose certificate it verified/],
    ['tlsv1 alert internal error', /no certificate for the requested name/],
    [
      'curl: (35) error:0A000438:SSL routines::tlsv1 alert internal error',
      /no certificate for the requested name/,
    ],
    ['tlsv1 alert protocol version', /below the minimum/],
    ['tlsv13 alert certificate required', /requires a client certificate/],
    ['remote error: tls: unrecognized name', /does not serve the requested name/],
    ['SSL certificate problem: unable to get local issuer certificate', /CA of the server is not trusted/],
    ['upstream connect error or disconnect/reset before headers', /could not reach the next component/],
    ['no healthy upstream', /no ready pod/],
  ])('takes what people paste: %s', (pasted, meaning) => {
    expect(explainText(explain(pasted))).toMatch(meaning);
  });

  it.each(TERMS)('knows the term $name', ({ name, also = [], means, see }) => {
    for (const word of [name, ...also]) expect(explainText(explain(word))).toContain(means);
    expect([...DOCS_TOPICS.map(({ topic }) => topic), undefined]).toContain(see);
  });

  it('has no term twice, and keeps them in order', () => {
    const names = TERMS.flatMap(({ name, also = [] }) => [name, ...also]).map((name) => name.toUpperCase());
    expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
    const sorted = TERMS.toSorted((a, b) => a.name.localeCompare(b.name, 'en')).map(({ name }) => name);
    expect(TERMS.map(({ name }) => name)).toEqual(sorted);
  });

  it('leads to pages that the package has, not to links', () => {
    for (const code of Object.keys(PROBLEMS)) expect(explainText(explain(code))).not.toMatch(/\.md/);
  });

  it('names what is spelt like it', () => {
    expect(() => explain('MD-JWT-0100')).toThrow(/did you mean MD-JWT-010/);
    expect(() => explain('MESH_NOT_STRIKT')).toThrow(/did you mean MESH_NOT_STRICT/);
    expect(() => explain('???')).toThrow(/no check, code, term or message has this name$/);
  });
});

describe('nearest', () => {
  it('prefers what begins like the word, then the fewest edits', () => {
    expect(nearest('egw', ['gw', 'egw-x', 'mesh'])).toEqual(['egw-x', 'gw']);
    expect(nearest('jtw', ['jwt', 'mesh', 'rbac'])).toEqual(['jwt']);
    expect(nearest('something-else', ['jwt', 'mesh'])).toEqual([]);
  });
});
