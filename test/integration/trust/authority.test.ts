import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LabKeys } from '../../../src/keys/lab-keys.ts';
import type { CertificateForge } from '../../../src/probe/certificates/forge.ts';
import { gatewayClient } from '../../../src/probe/certificates/shown.ts';
import { GATEWAY_CLIENTS } from '../../../src/cases/certificates/verifiers.ts';
import { createX509Authority } from '../../../src/adapters/x509-authority.ts';
import { validFor } from '../../../src/ports/certificate-authority.ts';
import { createLab, DEFAULT_CHOICE } from '../../../src/topology/lab.ts';
import { type Certificate, parseCertificates } from '../../../src/trust/certificate.ts';
import { judgeChain } from '../../../src/trust/judge-chain.ts';
import { judgeNames } from '../../../src/trust/judge-names.ts';
import { freshForger } from '../../support/lab-keys.ts';

const run = promisify(execFile);
const lab = createLab(DEFAULT_CHOICE);
const authority = createX509Authority();

describe('certificates, with OpenSSL as second oracle', () => {
  let dir = '';
  let keys: LabKeys;
  let forger: CertificateForge;

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'meshdev-openssl-'));
    const fresh = await freshForger(lab);
    keys = fresh.keys;
    forger = fresh;
  });

  afterAll(async () => {
    await rm(dir, { recursive: true, force: true });
  });

  async function file(name: string, content: string): Promise<string> {
    await writeFile(join(dir, name), content);
    return join(dir, name);
  }

  /** What OpenSSL says: `OK`, or its error line. */
  async function verify(rootPem: string, chainPem: string, ...options: readonly string[]): Promise<string> {
    const anchors = await file('anchors.pem', rootPem);
    const chain = await file('chain.pem', chainPem);
    const argv = ['verify', '-x509_strict', ...options, '-CAfile', anchors, '-untrusted', chain, chain];
    const { stdout, stderr } = await run('openssl', argv).catch((error: unknown) => Object(error));
    return /: OK$/m.test(stdout)
      ? 'OK'
      : (/error \d+ at .*/.exec(`${stdout}${stderr}`)?.[0] ?? `${stdout}${stderr}`);
  }

  const text = async (pem: string): Promise<string> =>
    (await run('openssl', ['x509', '-noout', '-text', '-in', await file('one.pem', pem)])).stdout;

  async function issueAtEdge(names: {
    dns?: string[];
    ip?: string[];
    email?: string[];
    uri?: string[];
  }): Promise<string> {
    const issuer = { certificatePem: keys.edge.intermediatePem, keyPem: keys.edge.intermediateKeyPem };
    const spec = { commonName: 'leaf', names, extendedKeyUsage: ['serverAuth'] } as const;
    const { certificatePem } = await authority.issue({ spec, validity: validFor(new Date(), 1), issuer });
    return `${certificatePem}${keys.edge.intermediatePem}`;
  }

  it('the edge CA may certify the zone and loopback', async () => {
    const chain = await issueAtEdge({
      dns: [lab.domain, lab.hosts.httpbin, `*.${lab.domain}`],
      ip: ['127.0.0.1', '::1'],
    });
    expect(await verify(keys.edge.rootPem, chain, '-purpose', 'sslserver')).toBe('OK');
    expect(findings(chain, keys.edge.rootPem, 'serverAuth')).toEqual([]);
  });

  it.each([
    [{ dns: ['example.com'] }],
    [{ dns: ['notmesh.localhost'] }],
    [{ dns: ['localhost'] }],
    [{ ip: ['10.0.0.1'] }],
    [{ ip: ['2001:db8::1'] }],
    [{ email: ['root@example.com'] }],
    [{ uri: ['https://example.com/'] }],
  ])('the edge CA may not certify %o', async (names) => {
    const chain = await issueAtEdge(names);
    expect(await verify(keys.edge.rootPem, chain)).toContain('permitted subtree violation');
    expect(new Set(findings(chain, keys.edge.rootPem, 'serverAuth'))).toEqual(
      new Set(['CERT_NAME_CONSTRAINT']),
    );
  });

  it.each(['rootPem', 'intermediatePem'] as const)('the edge %s says so itself, critically', async (name) => {
    const seen = await text(keys.edge[name]);
    expect(seen).toContain('X509v3 Name Constraints: critical');
    expect(seen).toMatch(/CA:TRUE, pathlen:[01]\n/);
    expect(seen).toContain('X509v3 Subject Key Identifier');
    expect(seen).toContain('X509v3 Authority Key Identifier');
    expect(seen).toContain('prime256v1');
    expect(seen).not.toContain('Excluded');
  });

  it.each([
    ['the gateway', 'sslserver', 'sslclient', () => keys.gateway.certificatePem],
    ["Caddy's client", 'sslclient', 'sslserver', () => keys.edgeClient.certificatePem],
  ] as const)('%s is %s and not %s', async (_, may, mayNot, pem) => {
    expect(await verify(keys.mesh.rootPem, pem(), '-purpose', may)).toBe('OK');
    expect(await verify(keys.mesh.rootPem, pem(), '-purpose', mayNot)).toMatch(
      /unsuitable|unsupported certificate purpose/,
    );
  });

  it("istiod's CA descends from the mesh root and may sign leaves only", async () => {
    const { cacerts, rootPem } = keys.mesh;
    expect(await verify(rootPem, cacerts['ca-cert.pem'])).toBe('OK');
    const issuer = { certificatePem: cacerts['ca-cert.pem'], keyPem: cacerts['ca-key.pem'] };
    const spec = { commonName: 'too deep', names: {}, ca: { pathLength: 0 }, extendedKeyUsage: [] };
    const deep = await authority.issue({ spec, validity: validFor(new Date(), 1), issuer });
    const leaf = { commonName: 'x', names: { dns: ['x.test'] }, extendedKeyUsage: [] };
    const { certificatePem } = await authority.issue({
      spec: leaf,
      validity: validFor(new Date(), 1),
      issuer: deep,
    });
    const chain = `${certificatePem}${deep.certificatePem}${cacerts['cert-chain.pem']}`;
    expect(await verify(rootPem, chain)).toContain('path length constraint exceeded');
    // Twice: istiod's CA allows none below it, and the root allows istiod's only.
    expect(findings(chain, rootPem, 'serverAuth')).toEqual(['CERT_PATHLEN', 'CERT_PATHLEN']);
  });

  it('the roots do not know each other', async () => {
    expect(await verify(keys.edge.rootPem, keys.gateway.certificatePem)).toContain(
      'unable to get local issuer',
    );
    expect(await verify(keys.mesh.rootPem, keys.edge.intermediatePem)).toContain(
      'unable to get local issuer',
    );
  });

  it('serials are random, positive and of 20 octets', async () => {
    const serials = [keys.edge.rootPem, keys.mesh.rootPem, keys.gateway.certificatePem].flatMap((pem) =>
      parseCertificates(pem).map(({ facts }) => facts.serial),
    );
    expect(new Set(serials).size).toBe(3);
    for (const serial of serials) expect(serial).toMatch(/^[4-7][0-9a-f]{39}$/);
  });

  /** Forgeries that no verifier may accept: our judge names the class, OpenSSL agrees that it is bad. */
  it.each(GATEWAY_CLIENTS.filter(({ tolerable }) => !tolerable))(
    'our judge says $reason of a client that is $id',
    async (each) => {
      // To the gateway, which wants a DNS name, a SPIFFE ID is another name, whatever its trust domain.
      const reason = each.reason === 'CERT_TRUST_DOMAIN' ? 'CERT_NAME_MISMATCH' : each.reason;
      const client = await gatewayClient(each, forger);
      const chain = client?.certificatePem ?? '';
      const [leaf] = parseCertificates(chain);
      const codes = [...findings(chain, keys.mesh.rootPem, 'clientAuth'), ...nameFindings(leaf)];
      expect(codes).toContain(reason);
      // A wrong name is no matter of the chain: OpenSSL is asked about the chain only.
      const chainIsGood = reason === 'CERT_NAME_MISMATCH' || reason === 'CERT_MISSING';
      const oracle = chain === '' ? 'OK' : await verify(keys.mesh.rootPem, chain, '-purpose', 'sslclient');
      expect(oracle === 'OK').toBe(chainIsGood);
    },
  );

  function findings(
    chainPem: string,
    rootPem: string,
    purpose: 'serverAuth' | 'clientAuth',
  ): readonly string[] {
    const question = {
      presented: parseCertificates(chainPem),
      anchors: parseCertificates(rootPem),
      at: Date.now(),
      purpose,
    };
    const known = parseCertificates(keys.mesh.cacerts['ca-cert.pem']);
    return judgeChain({ ...question, known }).findings.map((finding) => finding.code);
  }

  function nameFindings(leaf: Certificate | undefined): readonly string[] {
    return leaf === undefined ? [] : judgeNames(leaf, lab.hosts.edge).map((finding) => finding.code);
  }
});
