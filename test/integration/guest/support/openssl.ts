import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Issued {
  readonly certPath: string;
  readonly keyPath: string;
  readonly cert: string;
  readonly key: string;
}

/** A certificate authority made by the openssl command line: a second implementation, not our own code. */
export class OpensslAuthority implements Disposable {
  readonly dir = mkdtempSync(join(tmpdir(), 'meshdev-test-'));
  readonly root: Issued;

  constructor(name: string) {
    const args = ['-x509', '-days', '2', '-subj', `/CN=${name}`];
    this.root = this.#request('root', args);
  }

  /** @param names DNS SANs; @param extra more `openssl x509` arguments, such as a validity in the past */
  issue(id: string, names: readonly string[], extra: readonly string[] = ['-days', '2']): Issued {
    const san = names.map((name) => `DNS:${name}`).join(',');
    const csr = this.#request(id, ['-subj', `/CN=${id}`, '-addext', `subjectAltName=${san}`]);
    const to = join(this.dir, `${id}.pem`);
    const by = ['-CA', this.root.certPath, '-CAkey', this.root.keyPath, '-CAcreateserial'];
    openssl(['x509', '-req', '-in', csr.certPath, ...by, '-copy_extensions', 'copy', '-out', to, ...extra]);
    return { ...csr, certPath: to, cert: readFileSync(to, 'utf8') };
  }

  [Symbol.dispose](): void {
    rmSync(this.dir, { recursive: true, force: true });
  }

  #request(id: string, args: readonly string[]): Issued {
    const certPath = join(this.dir, `${id}.crt`);
    const keyPath = join(this.dir, `${id}.key`);
    const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', keyPath];
    openssl(['req', ...newKey, '-out', certPath, ...args]);
    return { certPath, keyPath, cert: readFileSync(certPath, 'utf8'), key: readFileSync(keyPath, 'utf8') };
  }
}

function openssl(args: readonly string[]): void {
  execFileSync('openssl', args, { stdio: ['ignore', 'ignore', 'pipe'] });
}
