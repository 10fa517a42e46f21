import { describe, expect, it } from 'vitest';
import { aroundManifests, aroundText, withSurroundings } from '../../../../src/up/plan/around-manifests.ts';
import { STOCK } from '../../../support/manifests.ts';
import { labWithStock } from '../../../support/stock-lab.ts';

const KEYS = 'host: stock, allow: [{ roles: [admin] }, { from: [stock] }]';

describe('what is around manifests', () => {
  it('is one line for each service: all that meshdev adds, and what the manifests bring beyond it', () => {
    const text = `${STOCK}---\napiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: { name: r }\n`;
    const around = aroundManifests(labWithStock(text, KEYS));
    expect(around).toEqual([
      {
        service: 'stock',
        workload: 'Deployment apps/stock',
        adds: [
          'Namespace apps (istio-injection=enabled)',
          'RequestAuthentication apps/stock-tokens',
          'AuthorizationPolicy apps/stock-1',
          'AuthorizationPolicy apps/stock-2',
          'VirtualService apps/stock',
          'stock.mesh.localhost at the edge and in the DNS of the lab',
        ],
        brings: ['ClusterRole r'],
        notes: [],
      },
    ]);
    const [line] = around.map(aroundText);
    expect(line).toBe(
      'stock: manifests with Deployment apps/stock; meshdev adds Namespace apps (istio-injection=enabled), RequestAuthentication apps/stock-tokens, AuthorizationPolicy apps/stock-1, AuthorizationPolicy apps/stock-2, VirtualService apps/stock, stock.mesh.localhost at the edge and in the DNS of the lab; the manifests also bring ClusterRole r',
    );
  });

  it('says where rules cannot tell services apart', () => {
    const notesOf = (text: string) => aroundManifests(labWithStock(text))[0]?.notes;
    expect(notesOf(STOCK.replace('serviceAccountName: keeper', ''))).toEqual([
      'its pods name no service account: every pod of namespace apps that names none has the identity spiffe://cluster.local/ns/apps/sa/default',
    ]);
    expect(notesOf(STOCK.replace('serviceAccountName: keeper', 'serviceAccountName: httpbin'))).toEqual([
      'it has one identity with httpbin: rules cannot tell them apart',
    ]);
  });

  it('is nothing for a lab whose manifests were not read', () => {
    const { lab } = labWithStock(STOCK);
    const services = lab.services.map(({ manifests: _manifests, ...service }) => service);
    expect(aroundManifests({ lab: { ...lab, services } })).toEqual([]);
  });

  it('is a part of the reason of a change, and of nothing else', () => {
    const around = aroundManifests(labWithStock(STOCK));
    const seen = 'Deployment apps/stock is missing';
    expect(withSurroundings({ state: 'absent', seen }, around)).toEqual({
      state: 'absent',
      seen: `${seen} · around manifests meshdev adds stock: Namespace apps (istio-injection=enabled)`,
    });
    expect(withSurroundings({ state: 'same', seen: 'all' }, around).seen).toBe('all');
    expect(withSurroundings({ state: 'absent', seen }, []).seen).toBe(seen);
  });
});
