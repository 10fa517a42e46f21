import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CATALOGUE } from '../../../src/checks/catalogue.ts';
import type { TracedRequest } from '../../../src/evidence/traced-request.ts';
import type { WireResult } from '../../../src/evidence/wire-result.ts';
import { runChecks } from '../../../src/checks/run-checks.ts';
import type { CheckReport } from '../../../src/checks/verdict.ts';
import { checkGithub, checkSummary } from '../../../src/report/check-github.ts';
import { checkHtml } from '../../../src/report/check-html.ts';
import { checkJson } from '../../../src/report/check-json.ts';
import { checkJunit } from '../../../src/report/check-junit.ts';
import { checkTap } from '../../../src/report/check-tap.ts';
import { checkText } from '../../../src/report/check-text.ts';
import { createLab, DEFAULT_CHOICE } from '../../../src/topology/lab.ts';
import { aJwt } from '../../support/tokens.ts';
import { NOW } from '../../support/certificates.ts';
import { everyRequest } from '../../support/break-evidence.ts';
import { healthyEvidence } from '../../support/healthy-evidence.ts';
import { makeMaterial } from '../../support/healthy-material.ts';

const lab = createLab(DEFAULT_CHOICE);
const healthy = healthyEvidence(lab, await makeMaterial(lab));

const CANARY = {
  token: `eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJjYW5hcnkifQ.${'c4n4ry'.repeat(8)}`,
  key: `-----BEGIN PRIVATE KEY-----\nMIGHc4n4rykeyc4n4rykey\n-----END PRIVATE KEY-----`,
  bearer: 'Bearer opaque-c4n4ry-opaque',
  secret: 'client_secret=c4n4ry-secret-value',
} as const;
const PLANTED = Object.values(CANARY).join(' ');

/** A chain that is broken everywhere, and whose every text carries secrets. */
const leak =
  (planted: string) =>
  (traced: TracedRequest): TracedRequest => ({
    ...traced,
    status: 503,
    body: planted,
    headers: { ...traced.headers, 'set-cookie': planted, [`x-${planted}`]: planted },
    edge: traced.edge === undefined ? undefined : { ...traced.edge, error: planted, uri: `/${planted}` },
    sidecar: { ...traced.sidecar, response_code_details: planted, upstream_failure: planted },
    gateway: { ...traced.gateway, response_code_details: planted, sni: planted, path: `/${planted}` },
    app: traced.app === undefined ? undefined : { ...traced.app, uri: `/?x=${planted}` },
  });
const leaking = (wire: WireResult, planted: string): WireResult => ({
  ...wire,
  ended: 'refused',
  error: planted,
  body: planted,
});

async function leakyReport(planted: string): Promise<CheckReport> {
  const [edge, gateway] = [healthy['edge.wire'], healthy['gateway.wire']];
  const evidence = {
    ...everyRequest(leak(planted))(healthy),
    'edge.wire': { ...edge, httpbin: leaking(edge.httpbin, planted) },
    'gateway.wire': { ...gateway, control: leaking(gateway.control, planted) },
    'mesh.state': { ...healthy['mesh.state'], drift: [planted] },
  };
  return runChecks(CATALOGUE, {
    lab,
    collect: async (key) => {
      if (key === 'idp.state') throw new Error(`fetching with ${planted}`);
      return evidence[key];
    },
    now: () => NOW,
    interrupted: () => false,
  });
}

const FORMATS: Readonly<Record<string, (report: CheckReport) => string>> = {
  text: (report) => checkText(report, lab, { colour: false, all: true }),
  json: (report) => JSON.stringify(checkJson(report)),
  junit: checkJunit,
  github: checkGithub,
  'the step summary': checkSummary,
  tap: checkTap,
  html: (report) => checkHtml(report, lab),
};

describe.each(Object.entries(FORMATS))('%s', (_, format) => {
  it('holds no token, key or secret that a party sent, and says that something was there', async () => {
    const text = format(await leakyReport(PLANTED));
    expect(text).not.toContain('c4n4ry');
    expect(text).not.toContain('c4n4rykey');
    expect(text).toMatch(/redacted|\[token\]|&#91;token&#93;/);
  });
});

it('no format holds the signature of any JWT, whoever sent it and wherever it was seen', async () => {
  await fc.assert(
    fc.asyncProperty(fc.string(), aJwt, fc.string(), async (before, token, after) => {
      const report = await leakyReport(`${before}${token}${after}`);
      const signature = token.split('.')[2] ?? '';
      const leaky = Object.entries(FORMATS).filter(([, format]) => format(report).includes(signature));
      expect(leaky.map(([name]) => name)).toEqual([]);
    }),
    { numRuns: 3 },
  );
});
