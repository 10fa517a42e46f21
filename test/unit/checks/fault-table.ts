import { CATALOGUE } from '../../../src/checks/catalogue.ts';
import { type CheckReport, nameOf } from '../../../src/checks/verdict.ts';
import { ISSUER_SERVERS_UNSHOWN } from '../../../src/cases/certificates/verifiers.ts';
import { createLab, DEFAULT_CHOICE } from '../../../src/topology/lab.ts';
import { healthyEvidence } from '../../support/healthy-evidence.ts';
import { makeMaterial } from '../../support/healthy-material.ts';
import { punctuationFaults } from '../../support/punctuation.ts';
import { judge, redsOf, type Row } from './expected.ts';
import { besideRows } from './rows-beside.ts';
import { deliveryRows } from './rows-delivery.ts';
import { rotationRows } from './rows-rotation.ts';
import { accessRows } from './rows-access.ts';
import { corpusRows } from './rows-corpora.ts';
import { certificateRows } from './rows-certificates.ts';
import { edgeRows } from './rows-edge.ts';
import { ownRows } from './rows-own.ts';
import { exposureRows } from './rows-exposure.ts';
import { gatewayRows } from './rows-gateway.ts';
import { identityRows } from './rows-identity.ts';
import { loginRows } from './rows-login.ts';
import { meshRows } from './rows-mesh.ts';
import { policyRows } from './rows-policy.ts';
import { clusterAccessRows } from './rows-cluster-access.ts';
import { podHolderRows } from './rows-pod-holders.ts';
import { idpClosedRows } from './rows-idp-closed.ts';
import { outsideRows } from './rows-outside.ts';
import { proxyRows } from './rows-proxies.ts';
import { partRows } from './rows-parts.ts';
import { tokenRows } from './rows-tokens.ts';

// The table of broken facts. Its rows are run by two files, so that two cores can judge them.

export const lab = createLab(DEFAULT_CHOICE);
const material = await makeMaterial(lab);
export const healthy = healthyEvidence(lab, material);
// First of all: what rows leave as it is need not be judged again.
await judge(lab, healthy);
/** What a healthy lab does not have, and says so. */
export const NOT_THERE: ReadonlySet<string> = new Set([
  'MD-CONT-008[grpc]',
  'MD-EDGE-017[second-spelling]',
  'MD-EGW-010[revoked]',
  'MD-MESH-008[revoked]',
  ...ISSUER_SERVERS_UNSHOWN.filter(({ tolerable }) => !tolerable).map(({ id }) => `MD-OIDC-012[${id}]`),
]);

/** Connections, certificates, proxies and what they expose. */
export const LINK_ROWS: readonly Row[] = [
  ...(await edgeRows(lab, material)),
  ...ownRows(),
  ...(await certificateRows(lab, material)),
  ...(await gatewayRows(lab, material)),
  ...(await meshRows(lab, material)),
  ...(await besideRows(lab, material)),
  ...proxyRows(lab),
  ...partRows(lab),
  ...exposureRows(lab),
  ...clusterAccessRows(),
  ...outsideRows(),
  ...podHolderRows(),
];

/** Tokens, policies, identities and what requests carry. */
export const REQUEST_ROWS: readonly Row[] = [
  ...tokenRows(),
  ...policyRows(),
  ...identityRows(lab),
  ...idpClosedRows(),
  ...deliveryRows(),
  ...rotationRows(),
  ...loginRows(),
  ...corpusRows(lab),
  ...accessRows(lab),
];

/** What one broken fact turned; a row is right when this matches `asNamed(row)`. */
export async function turnedBy({ broken, reds }: Row) {
  const evidence = broken(healthy);
  const report = await judge(lab, evidence);
  const turned = redsOf(report);
  const { fail, unknown, exitCode } = report.summary;
  return {
    turned,
    unnamed: Object.keys(turned).filter((id) => !(id in reds)),
    skippedWithoutGate: skippedWithoutGate(report),
    badlyPut: badlyPut(report),
    exitIsRight: exitCode === (fail > 0 ? 1 : unknown > 0 ? 6 : 0),
  };
}

export function asNamed({ reds }: Row) {
  return { turned: reds, unnamed: [], skippedWithoutGate: [], badlyPut: [], exitIsRight: true };
}

/** Most of a report says what the one before it said. */
const WELL_PUT = new Set<string>();

/** What is said of a verdict is read by people. */
export function badlyPut({ checks }: CheckReport): readonly string[] {
  return checks.flatMap(({ verdict }) => {
    const said = 'message' in verdict ? verdict.message : verdict.because;
    if (said === undefined || WELL_PUT.has(said)) return [];
    const faults = punctuationFaults(said);
    if (faults.length === 0) WELL_PUT.add(said);
    return faults;
  });
}

/** Skipping is for what stands behind a blocking check that failed, and for nothing else. */
function skippedWithoutGate(report: CheckReport): readonly string[] {
  const failed = new Set(report.checks.filter(({ verdict }) => verdict.kind === 'fail').map(({ id }) => id));
  const gates = new Set(
    CATALOGUE.filter(({ blocking, id }) => blocking && failed.has(id)).map(({ hop }) => hop),
  );
  return report.checks
    .filter(({ verdict, hop }) => verdict.kind === 'skip' && !gates.has(hop))
    .map(nameOf)
    .filter((name) => !NOT_THERE.has(name));
}
