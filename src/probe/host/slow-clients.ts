import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ClientTry } from '../../evidence/real-clients.ts';
import { type Asking, run } from './client-run.ts';

const PATIENCE_MS = 30_000;

/** Run from source, in memory; the trust store is a file of its own. */
const JAVA_PROGRAM = `
import java.io.*; import java.net.*; import java.security.KeyStore; import java.security.cert.*;
import javax.net.ssl.*;
public class Ask {
  public static void main(String[] a) throws Exception {
    TrustManager[] trust = null;
    if (a.length > 2) {
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      try (InputStream in = new FileInputStream(a[2])) {
        store.setCertificateEntry("edge", CertificateFactory.getInstance("X.509").generateCertificate(in));
      }
      TrustManagerFactory f = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      f.init(store);
      trust = f.getTrustManagers();
    }
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust, null);
    SSLSocket socket = (SSLSocket) context.getSocketFactory()
      .createSocket(new Socket("127.0.0.1", Integer.parseInt(a[1])), a[0], Integer.parseInt(a[1]), true);
    SSLParameters p = socket.getSSLParameters();
    p.setEndpointIdentificationAlgorithm("HTTPS");
    socket.setSSLParameters(p);
    socket.startHandshake();
    socket.getOutputStream().write(("GET /.well-known/openid-configuration HTTP/1.1\\r\\nHost: " + a[0] + ":" + a[1] + "\\r\\nConnection: close\\r\\n\\r\\n").getBytes());
    String status = new BufferedReader(new InputStreamReader(socket.getInputStream())).readLine();
    System.out.print(status.split(" ")[1]);
  }
}
`;

export async function javaTry({ probeContext, dir, program, url, anchor }: Asking): Promise<ClientTry> {
  const source = join(await mkdtemp(join(dir, 'java-')), 'Ask.java');
  await writeFile(source, JAVA_PROGRAM);
  const argv = [source, url.hostname, url.port === '' ? '443' : url.port];
  return run(probeContext, program, [...argv, ...(anchor === undefined ? [] : [anchor])], {}, PATIENCE_MS);
}

/**
 * A browser with a profile, home and NSS store of its own; nothing of the user’s is read or written. A page
 * that it refuses is an error page, so what counts is the document that it shows.
 */
export async function browserTry({ probeContext, dir, program, url, anchor }: Asking): Promise<ClientTry> {
  const home = await mkdtemp(join(dir, 'browser-'));
  const { runner } = probeContext.context;
  if (anchor !== undefined) {
    const database = `sql:${join(home, '.pki', 'nssdb')}`;
    await mkdir(join(home, '.pki', 'nssdb'), { recursive: true });
    const nss = { timeoutMs: 10_000, signal: probeContext.signal };
    await runner.run('certutil', ['-d', database, '-N', '--empty-password'], nss);
    await runner.run('certutil', ['-d', database, '-A', '-t', 'C,,', '-n', 'meshdev', '-i', anchor], nss);
  }
  const argv = [
    '--headless=new',
    '--no-sandbox',
    '--disable-gpu',
    '--no-first-run',
    '--no-proxy-server',
    `--user-data-dir=${join(home, 'profile')}`,
    `--host-resolver-rules=MAP ${url.hostname} 127.0.0.1`,
    '--virtual-time-budget=3000',
    '--dump-dom',
    url.href,
  ];
  const { stdout, stderr } = await runner.run(program, argv, {
    env: { HOME: home },
    allowFailure: true,
    timeoutMs: PATIENCE_MS,
    signal: probeContext.signal,
  });
  return stdout.includes('authorization_endpoint')
    ? { accepted: true, told: 'the page' }
    : { accepted: false, told: /ERR_[A-Z_]+/.exec(stdout)?.[0] ?? stderr.trim().slice(-120) };
}
