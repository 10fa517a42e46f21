import { addObject } from '../support/cluster.ts';
import type { Harmless } from '../support/harmless.ts';

const GROUP = 'rbac.authorization.k8s.io';
const metadata = { name: 'cart', namespace: 'shop' };

/** Rights on the API server in a namespace of one’s own, and to read what is no secret elsewhere. */
export const harmless: Harmless = {
  what: 'somebody gives rights in their own namespace, and a view of the cluster',
  apply: async (bench) => {
    const subjects = [{ kind: 'ServiceAccount', ...metadata }];
    const view = { apiGroup: GROUP, kind: 'ClusterRole', name: 'view' };
    const removeView = await addObject(bench, {
      apiVersion: `${GROUP}/v1`,
      kind: 'ClusterRoleBinding',
      metadata: { name: 'shop-viewers' },
      roleRef: view,
      subjects,
    });
    const removeShop = await addObject(bench, {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: metadata.namespace },
    });
    await addObject(bench, { apiVersion: 'v1', kind: 'ServiceAccount', metadata });
    await addObject(bench, {
      apiVersion: `${GROUP}/v1`,
      kind: 'RoleBinding',
      metadata,
      roleRef: { apiGroup: GROUP, kind: 'ClusterRole', name: 'admin' },
      subjects,
    });
    return async () => {
      await removeView();
      await removeShop();
    };
  },
  concerns: ['MD-EXPO-013'],
};
