import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { createServer, type Server } from 'node:https';
import { join } from 'node:path';
import { z } from 'zod';
import type { IdpConfig } from '../../../../src/guest/idp/config.ts';
import { idpConfig } from '../../../../src/idp/idp-config.ts';
import type { EdgeAccess } from '../../../../src/edge/edge-request.ts';
import { createLab, type Lab } from '../../../../src/topology/lab.ts';
import { OpensslAuthority } from './openssl.ts';
import { freePort, guestProgram, Running } from './running.ts';

const jwk = z.object({
  kty: z.literal('EC'),
  crv: z.literal('P-256'),
  x: z.string(),
  y: z.string(),
  d: z.string(),
});

export const PASSWORDS = { alice: 'alice-password', bob: 'bob-password', eve: 'eve-password' } as const;
export const MACHINE_SECRET = 'machine-secret-of-the-test';

/** The real identity provider as a child process, behind a small TLS front in the place of the edge. */
export class IdpBehindTls implements AsyncDisposable {
  readonly lab: Lab;
  readonly config: IdpConfig;
  readonly access: EdgeAccess;
  readonly #authority: OpensslAuthority;
  readonly #front: Server;
  #upstreamPort = 0;
  #idp: Running | undefined;

  private constructor(port: number) {
    this.lab = createLab({ name: 'guest-test', domain: 'mesh.localhost', httpsPort: port });
    this.#authority = new OpensslAuthority('edge root of the test');
    this.config = { ...idpConfig(this.lab, secrets()), port: 0 };
    const { cert, key } = this.#authority.issue('auth', [this.lab.hosts.auth]);
    this.#front = createServer({ cert, key }, (incoming, response) => {
      const headers = {
        ...incoming.headers,
        'x-forwarded-proto': 'https',
        'x-forwarded-host': incoming.headers.host,
        'x-forwarded-for': '192.0.2.7',
      };
      const to = { port: this.#upstreamPort, method: incoming.method, path: incoming.url, headers };
      const onward = request(to, (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      });
      onward.on('error', () => response.writeHead(502).end());
      incoming.pipe(onward);
    });
    this.access = {
      lab: this.lab,
      edgeRootPem: this.#authority.root.cert,
      signal: new AbortController().signal,
    };
  }

  static async start(): Promise<IdpBehindTls> {
    const running = new IdpBehindTls(await freePort());
    running.#front.listen(running.lab.httpsPort, '127.0.0.1');
    await once(running.#front, 'listening');
    await running.startIdp();
    return running;
  }

  async startIdp(): Promise<Running> {
    const file = join(this.#authority.dir, 'idp.json');
    writeFileSync(file, JSON.stringify(this.config), { mode: 0o600 });
    const idp = new Running(process.execPath, [guestProgram('idp/main.ts'), file, this.storeFile]);
    const { port } = z.object({ port: z.number() }).parse(JSON.parse(await idp.line(/"listening"/)));
    this.#upstreamPort = port;
    this.#idp = idp;
    return idp;
  }

  /** Where sessions and refresh tokens are kept; gone with the authority's directory. */
  get storeFile(): string {
    return join(this.#authority.dir, 'store.json');
  }

  get idp(): Running {
    if (this.#idp === undefined) throw new Error('the identity provider was not started');
    return this.#idp;
  }

  get upstreamPort(): number {
    return this.#upstreamPort;
  }

  /** Plain HTTP, where only the edge should knock. */
  get upstream(): string {
    return `http://127.0.0.1:${this.#upstreamPort}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#idp?.stop();
    this.#front.closeAllConnections();
    this.#front.close();
    this.#authority[Symbol.dispose]();
  }
}

function secrets(): Parameters<typeof idpConfig>[1] {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return {
    jwks: { keys: [jwk.parse(privateKey.export({ format: 'jwk' }))] },
    cookieKeys: ['a cookie key of the test'],
    passwords: PASSWORDS,
    machineSecret: MACHINE_SECRET,
  };
}
