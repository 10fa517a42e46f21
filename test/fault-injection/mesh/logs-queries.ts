import { emptyPodLogs } from '../support/logs.ts';
import { changeMeshConfig } from '../support/mesh-config.ts';
import type { FaultInjection } from '../support/fault-injection.ts';

/** Tokens in queries are among what every check sends. */
export const fault: FaultInjection = {
  category: 'mesh',
  what: 'the proxies log paths with their queries',
  names: 'ConfigMap istio-system/istio',
  commit: async (bench) => {
    const restore = await changeMeshConfig(bench, (yaml) =>
      yaml.replace(/^( +path: )'%CEL\([\s\S]*?\)%'$/m, "$1'%REQ(:PATH)%'"),
    );
    return async () => {
      await restore();
      await emptyPodLogs(bench);
    };
  },
  extended: true,
  turns: { 'MD-EXPO-010': 'fail EXPO_SECRET_LEAKED', 'MD-DRIFT-001': 'fail DRIFT_OBJECTS' },
};
