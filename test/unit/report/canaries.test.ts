import { describe, expect, it } from 'vitest';
import { CATALOGUE } from '../../../src/checks/catalogue.ts';
import type { Walk, WireResult } from '../../../src/checks/evidence.ts';
import { runChecks } from '../../../src/checks/run-checks.ts';
import type { CheckReport } from '../../../src/checks/verdict.ts';
import { checkGithub, checkSummary } from '../../../src/report/check-github.ts';
import { checkHtml } from '../../../src/report/check-html.ts';
import { checkJson } from '../../../src/report/check-json.ts';
import { checkJunit } from '../../../src/report/check-junit.ts';
import { checkTap } from '../../../src/report/check-tap.ts';
import { checkText } from '../../../src/report/check-text.ts';
import { createLab, DEFAULT_CHOICE } from '../../../src/topology/lab.ts';
import { NOW } from '../../support/certificates.ts';
import { everyWalk } from '../../support/break-evidence.ts';
import { healthyEvidence, makeMaterial } from '../../support/healthy-evidence.ts';

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
const leak = (walk: Walk): Walk => ({
  ...walk,
  status: 503,
  body: PLANTED,
  headers: { ...walk.headers, 'set-cookie': PLANTED },
  edge: walk.edge === undefined ? undefined : { ...walk.edge, error: PLANTED },
  sidecar: { ...walk.sidecar, response_code_details: PLANTED, upstream_failure: PLANTED },
  gateway: { ...walk.gateway, response_code_details: PLANTED, sni: PLANTED },
  app: walk.app === undefined ? undefined : { ...walk.app, uri: `/?access_token=${CANARY.token}` },
});
const leaking = (wire: WireResult): WireResult => ({
  ...wire,
  ended: 'refused',
  error: PLANTED,
  body: PLANTED,
});

async function leakyReport(): Promise<CheckReport> {
  const evidence = {
    ...everyWalk(leak)(healthy),
    'edge.wire': { ...healthy['edge.wire'], httpbin: leaking(healthy['edge.wire'].httpbin) },
    'gateway.wire': { ...healthy['gateway.wire'], control: leaking(healthy['gateway.wire'].control) },
    'mesh.state': { ...healthy['mesh.state'], drift: [PLANTED] },
  };
  return runChecks(CATALOGUE, {
    lab,
    collect: async (key) => {
      if (key === 'idp.state') throw new Error(`fetching with ${PLANTED}`);
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
    const text = format(await leakyReport());
    expect(text).not.toContain('c4n4ry');
    expect(text).not.toContain('c4n4rykey');
    expect(text).toMatch(/redacted|\[token\]|&#91;token&#93;/);
  });
});
