import type { StoredCertificate } from '../../checks/evidence/certificates.ts';
import type { Witness } from './witness.ts';

/** Certificates only: some of these files hold a key as well, and keys never leave the node. */
const READ = String.raw`for f in /etc/kubernetes/pki/*.crt /etc/kubernetes/pki/etcd/*.crt /var/lib/kubelet/pki/kubelet-client-current.pem; do [ -e "$f" ] && echo "# $f" && sed -n '/BEGIN CERTIFICATE/,/END CERTIFICATE/p' "$f"; done`;

/** What is on disk: the lab’s own material, and the cluster’s in its node. */
export async function collectCertificates({
  context: { lab },
  engine,
  keys,
  signal,
}: Witness): Promise<readonly StoredCertificate[]> {
  const { stdout } = await engine.containers.exec(
    lab.cluster.node,
    { argv: ['sh', '-c', READ], timeoutMs: 10_000 },
    signal,
  );
  return [
    { name: 'edge-root', pem: keys.edge.rootPem },
    { name: 'edge-intermediate', pem: keys.edge.intermediatePem },
    { name: 'mesh-root', pem: keys.mesh.rootPem },
    { name: 'istiod-ca', pem: keys.mesh.cacerts['ca-cert.pem'] },
    { name: 'gateway-server', pem: keys.gateway.certificatePem },
    { name: 'edge-client', pem: keys.edgeClient.certificatePem },
    ...clusterCertificates(stdout.toString('utf8')),
  ];
}

/** Pure: `# /etc/kubernetes/pki/etcd/ca.crt` and what follows it → `kubernetes-etcd-ca`. */
export function clusterCertificates(text: string): readonly StoredCertificate[] {
  return text
    .split(/^# /m)
    .filter((part) => part.includes('BEGIN CERTIFICATE'))
    .map((part) => {
      const [path = '', ...pem] = part.split('\n');
      const short = path.replace(/^.*\/pki\//, '').replace(/\.\w+$/, '');
      return { name: `kubernetes-${short.replaceAll('/', '-')}`, pem: pem.join('\n') };
    });
}
