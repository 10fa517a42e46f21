import { APP_ID } from '../../sample/names.ts';
import type { BypassCase, BypassComponent } from '../../cases/bypass-cases.ts';
import { z } from 'zod';
import type { Job } from '../../agent/program/job.ts';
import type { ObjectRef } from '../../ports/cluster.ts';
import type { WorkloadName } from '../../topology/lab.ts';
import { podOf } from '../../agent/exec-probe.ts';
import type { ClientCertificate } from '../certificates/shown.ts';
import { istiodAddress } from '../mesh/istiod.ts';
import type { Needs } from '../probe-context.ts';
import { readAnswer } from '../../read-answer.ts';

/** Addresses of all who are asked directly; undefined for somebody who is not there. */
export type Places = Readonly<Record<BypassComponent, string | undefined>>;

export async function bypassPlaces(probeContext: Needs<'context' | 'engine' | 'signal'>): Promise<Places> {
  const { context, signal } = probeContext;
  const { cluster, lab } = context;
  const { gateway, [APP_ID]: app } = lab.workloads;
  const [gatewayPod, appPod, istiod, node, edge, idp, gatewayService, appService, api] = await Promise.all([
    podAddress(probeContext, 'gateway'),
    podAddress(probeContext, APP_ID),
    istiodAddress(probeContext).catch(() => undefined),
    containerAddress(probeContext, lab.cluster.node),
    containerAddress(probeContext, lab.containers.edge),
    containerAddress(probeContext, lab.containers.idp),
    serviceAddress(gateway.namespace, gateway.serviceAccount),
    serviceAddress(app.namespace, app.serviceAccount),
    serviceAddress('default', 'kubernetes'),
  ]);
  return {
    node,
    edge,
    'gateway-pod': gatewayPod,
    'gateway-service': gatewayService,
    'app-pod': appPod,
    'app-service': appService,
    'istiod-pod': istiod,
    'api-service': api,
    // A name that nobody has at present is unknown everywhere, which proves nothing.
    'idp-name': idp === undefined ? undefined : lab.containers.idp,
    'idp-address': idp,
  };

  async function serviceAddress(namespace: string, name: string): Promise<string | undefined> {
    const ref: ObjectRef = { apiVersion: 'v1', kind: 'Service', name, namespace };
    const found = await cluster.get(ref, signal);
    return found === undefined
      ? undefined
      : readAnswer(serviceShape, found, `reading the service ${namespace}/${name}`).spec.clusterIP;
  }
}

const serviceShape = z.object({ spec: z.object({ clusterIP: z.string() }) });

/** Nobody to be asked is a case that was not run, and no reason to leave out the others. */
async function podAddress(
  { context: { cluster, lab }, signal }: Needs<'context' | 'signal'>,
  workload: WorkloadName,
): Promise<string | undefined> {
  return podOf(cluster, lab, workload, signal).then(
    ({ address }) => address,
    () => undefined,
  );
}

async function containerAddress(
  { engine, signal }: Needs<'engine' | 'signal'>,
  name: string,
): Promise<string | undefined> {
  const found = await engine.containers.inspect(name, signal);
  return found?.networks.find(({ address }) => address !== '')?.address;
}

const TIMEOUT_MS = 8_000;
/** An alert that comes after the request is a reset. Who is let in gets a session ticket, which ends this. */
const LISTEN_FIRST_MS = 3_000;
/** Two networks of the engine drop what goes between them: silence is all there is to see. */
const DROPPED_MS = 1_500;

const PREFACE = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0';

export interface BypassMaterial {
  readonly places: Places;
  readonly foreign: ClientCertificate;
  readonly host: string;
}

/**
 * The probe's job for one case; none for a component that is not there. Node.js would dial an empty address as
 * its own loopback, whose refusal looks like the one that is wanted.
 */
export function bypassJob(one: BypassCase, { places, foreign, host: name }: BypassMaterial): Job | undefined {
  const { says, port } = one;
  const host = places[one.to];
  if (host === undefined || host === '') return undefined;
  const base = {
    id: `${one.check}/${one.id}`,
    timeoutMs: one.must.kind === 'unreachable' ? DROPPED_MS : TIMEOUT_MS,
  };
  switch (says.kind) {
    case 'http': {
      const { method, path } = says;
      return {
        ...base,
        kind: 'http',
        to: { host, port },
        request: { method, path, headers: [['Host', host]] },
      };
    }
    case 'tls': {
      const cert = says.client === 'none' ? undefined : foreign;
      return {
        ...base,
        kind: 'tls',
        host,
        port,
        servername: name,
        alpn: ['http/1.1'],
        readFirstMs: LISTEN_FIRST_MS,
        request: { method: 'GET', path: says.path, headers: [['Host', name]] },
        ...(cert === undefined ? {} : { cert: cert.certificatePem, key: cert.keyPem }),
      };
    }
    case 'grpc':
      return {
        ...base,
        kind: 'tls',
        host,
        port,
        servername: 'istiod.istio-system.svc',
        alpn: ['h2'],
        readFirstMs: 0,
        request: {
          method: 'POST',
          path: says.path,
          headers: [
            ['Host', 'istiod.istio-system.svc'],
            ['Content-Type', 'application/grpc'],
            ['TE', 'trailers'],
          ],
          // One message of no length: every field at its default.
          body: '\0\0\0\0\0',
        },
      };
    case 'h2c':
      return { ...base, kind: 'tcp', host, port, send: Buffer.from(PREFACE, 'latin1').toString('base64') };
  }
}
