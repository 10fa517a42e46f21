import { fingerprintsOf } from '../../trust/fingerprints.ts';
import { type ConnectionRecord, parseConnectionLog } from '../../records/connection-record.ts';
import { lookUntil } from '../../run/wait-until.ts';
import type { CertificateCase } from '../../cases/certificates/verifiers.ts';
import type { ClientCertificate } from '../certificates/shown.ts';
import type { Needs } from '../probe-context.ts';
import { PATIENCE_MS } from '../requests/records.ts';

/** A case with the certificate that was shown for it. */
export interface ShownCase {
  readonly case: CertificateCase;
  readonly client: ClientCertificate;
}

const INTERVAL_MS = 150;

/**
 * What the proxy itself wrote about each certificate that it refused, by id of the case.
 * @param from how many lines of its log were there before the first of them was shown
 */
export async function refusedConnections(
  { componentLogs, signal }: Needs<'componentLogs' | 'signal'>,
  component: 'gateway' | 'sidecar',
  shown: readonly ShownCase[],
  from: number,
): Promise<ReadonlyMap<string, string>> {
  return lookUntil(
    () => byCase(shown, parseConnectionLog(componentLogs.of(component).slice(from).join('\n'))),
    (found) => isAllRefused(shown, found),
    { timeoutMs: PATIENCE_MS, intervalMs: INTERVAL_MS, signal },
  );
}

/** Pure: there is a record of every certificate that has to be refused. */
export function isAllRefused(shown: readonly ShownCase[], found: ReadonlyMap<string, string>): boolean {
  return shown.every((each) => each.case.tolerable || found.has(each.case.id));
}

/** Pure: the failure that was recorded for each case. */
export function byCase(
  shown: readonly ShownCase[],
  records: readonly ConnectionRecord[],
): ReadonlyMap<string, string> {
  return new Map(
    shown.flatMap(({ case: { id, says }, client }) => {
      const peer = fingerprintOf(client);
      const own = records.filter((each) => each.peer === peer);
      // Whoever shows nothing is told from others who show nothing by what it was refused for.
      const record =
        own.find(({ failure }) => failure.includes(says)) ?? (peer === undefined ? undefined : own[0]);
      return record === undefined ? [] : [[id, record.failure]];
    }),
  );
}

function fingerprintOf(client: ClientCertificate): string | undefined {
  return client === undefined ? undefined : fingerprintsOf(client.certificatePem)[0];
}
