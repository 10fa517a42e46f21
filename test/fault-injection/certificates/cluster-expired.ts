import { days } from '../support/edge-certificate.ts';
import type { FaultInjection } from '../support/fault-injection.ts';

const PATH = '/etc/kubernetes/pki/etcd/healthcheck-client.crt';

/** One that only people use: nothing else may break with it. */
export const fault: FaultInjection = {
  category: 'certificates',
  what: 'a certificate of the cluster itself ran out',
  names: /healthcheck-client/,
  commit: async (bench) => {
    const spec = {
      commonName: 'kube-etcd-healthcheck-client',
      names: {},
      extendedKeyUsage: ['clientAuth'] as const,
    };
    const { certificatePem } = await bench.context.authority.issue({ spec, validity: days(-2, -1) });
    const inNode = ['exec', '-i', bench.lab.cluster.node, 'sh', '-c'];
    await bench.docker([...inNode, `cp -p ${PATH} ${PATH}.kept && cat > ${PATH}`], certificatePem);
    return () => bench.docker([...inNode, `mv ${PATH}.kept ${PATH}`]);
  },
  turns: { 'MD-CERT-005': 'fail CERT_EXPIRED', 'MD-CERT-004': 'fail CERT_EXPIRED' },
};
