import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createSecureServer, type Http2SecureServer } from 'node:http2';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createKubernetesCluster } from '../../../src/adapters/kubernetes-cluster.ts';
import { make, makeCa, makeServer } from '../../support/certificates.ts';

/* An API server that speaks HTTP/1.1 and HTTP/2, as that of Kubernetes does. */

let dir = '';
let server: Http2SecureServer;
const versions: string[] = [];

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'meshdev-http1-'));
  const now = { notBefore: new Date(Date.now() - 60_000), notAfter: new Date(Date.now() + 600_000) };
  const ca = await makeCa('API CA', undefined, {}, now);
  const own = await makeServer('localhost', ca, {}, now);
  const user = await make({ commonName: 'admin', extendedKeyUsage: ['clientAuth'] }, ca, now);
  server = createSecureServer(
    { cert: own.certificatePem, key: own.keyPem, ca: ca.certificatePem, requestCert: true, allowHTTP1: true },
    (request, response) => {
      versions.push(`${request.httpVersion} ${request.method}`);
      response.end('ok');
    },
  ).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  await writeFile(join(dir, 'kubeconfig'), kubeconfig(`https://localhost:${port}`, ca.certificatePem, user));
});

afterAll(async () => {
  server.close();
  await rm(dir, { recursive: true, force: true });
});

// Over HTTP/2 a request that is stopped while its body waits leaves Node.js in an endless loop.
it('is asked over HTTP/1.1', async () => {
  const cluster = createKubernetesCluster(join(dir, 'kubeconfig'));
  expect(await cluster.ready(AbortSignal.timeout(10_000))).toBe(true);
  expect(versions).toEqual(['1.1 GET']);
});

function kubeconfig(
  url: string,
  caPem: string,
  { certificatePem, keyPem }: { certificatePem: string; keyPem: string },
): string {
  const base64 = (text: string): string => Buffer.from(text).toString('base64');
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'lab',
    contexts: [{ name: 'lab', context: { cluster: 'lab', user: 'lab' } }],
    clusters: [{ name: 'lab', cluster: { server: url, 'certificate-authority-data': base64(caPem) } }],
    users: [
      {
        name: 'lab',
        user: { 'client-certificate-data': base64(certificatePem), 'client-key-data': base64(keyPem) },
      },
    ],
  });
}
