import type { StoredCertificate } from '../../evidence/certificates.ts';
import type { Needs } from '../probe-context.ts';

/** What kubeadm makes for a control plane with an etcd of its own. One that is not read is not known to be valid. */
const CLUSTER = [
  'apiserver-etcd-client',
  'apiserver-kubelet-client',
  'apiserver',
  'ca',
  'front-proxy-ca',
  'front-proxy-client',
  'etcd-ca',
  'etcd-healthcheck-client',
  'etcd-peer',
  'etcd-server',
  'kubelet-client-current',
] as const;

/** Certificates only: some of these files hold a key as well, and keys never leave the node. */
const READ = String.raw`for f in /etc/kubernetes/pki/*.crt /etc/kubernetes/pki/etcd/*.crt /var/lib/kubelet/pki/kubelet-client-current.pem; do [ -e "$f" ] && echo "# $f" && sed -n '/BEGIN CERTIFICATE/,/END CERTIFICATE/p' "$f"; done`;

/** What is on disk: the lab’s own material, and the cluster’s in its node. */
export async function collectCertificates({
  context: { lab },
  engine,
  keys,
  signal,
}: Needs<'context' | 'engine' | 'keys' | 'signal'>): Promise<readonly StoredCertificate[]> {
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

/** Pure: those in the text, `# /etc/kubernetes/pki/etcd/ca.crt` as `kubernetes-etcd-ca`, and an empty entry for each that is missing. */
export function clusterCertificates(text: string): readonly StoredCertificate[] {
  const found = text
    .split(/^# /m)
    .filter((part) => part.includes('BEGIN CERTIFICATE'))
    .map((part) => {
      const [path = '', ...pem] = part.split('\n');
      const short = path.replace(/^.*\/pki\//, '').replace(/\.\w+$/, '');
      return { name: `kubernetes-${short.replaceAll('/', '-')}`, pem: pem.join('\n') };
    });
  const missing = CLUSTER.map((name) => `kubernetes-${name}`).filter((name) =>
    found.every((one) => one.name !== name),
  );
  return [...found, ...missing.map((name) => ({ name, pem: undefined }))];
}
