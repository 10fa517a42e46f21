import type { FaultInjection } from '../support/fault-injection.ts';

const KIND = 'validatingwebhookconfigurations';
const NAMES = ['istio-validator-istio-system', 'istiod-default-validator'];

export const fault: FaultInjection = {
  category: 'gateway',
  what: 'nobody validates what is stored: Istio’s webhooks are gone',
  names: 'ValidatingWebhookConfiguration istio-validator-istio-system',
  commit: async (bench) => {
    const before = await bench.kubectl('get', KIND, ...NAMES, '-o', 'json');
    await bench.kubectl('delete', KIND, ...NAMES);
    const inNode = [
      'exec',
      '-i',
      bench.lab.cluster.node,
      'kubectl',
      '--kubeconfig',
      '/etc/kubernetes/admin.conf',
    ];
    // Made anew, so without what the API server numbered them with.
    const again = before.replaceAll(/"(?:resourceVersion|uid)": "[^"]*",?/g, '');
    return () => bench.docker([...inNode, 'create', '-f', '-'], again.replaceAll(/,(\s*})/g, '$1'));
  },
  extended: true,
  turns: { 'MD-GW-008': 'fail GW_WEBHOOK_OPEN', 'MD-DRIFT-001': 'fail DRIFT_OBJECTS' },
};
