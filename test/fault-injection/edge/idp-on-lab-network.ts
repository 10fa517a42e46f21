import type { FaultInjection } from '../support/fault-injection.ts';

export const fault: FaultInjection = {
  category: 'edge',
  what: 'the IdP is in the network that node and pods can reach',
  names: /meshdev-\S*idp|network/,
  commit: async (bench) => {
    const { network, containers } = bench.lab;
    await bench.docker(['network', 'connect', network, containers.idp]);
    return () => bench.docker(['network', 'disconnect', network, containers.idp]);
  },
  extended: true,
  turns: { 'MD-EXPO-007': 'fail EXPO_IDP_PUBLISHED' },
};
