import MemoryAdapter, { type Adapter } from 'oidc-provider/lib/adapters/memory_adapter.js';
import type { KeptStore } from './kept-store.ts';

/** The provider's own adapter over a store that is told of every change; the provider asks for one of each model. */
export function keptAdapter(store: KeptStore, clockToleranceSeconds: number): (model: string) => Adapter {
  return (model) => {
    const own = new MemoryAdapter(model, store.entries, clockToleranceSeconds);
    return {
      find: (id) => own.find(id),
      findByUid: (uid) => own.findByUid(uid),
      findByUserCode: (code) => own.findByUserCode(code),
      upsert: (id, payload, expiresIn) => own.upsert(id, payload, expiresIn).then(store.changed),
      consume: (id) => own.consume(id).then(store.changed),
      destroy: (id) => own.destroy(id).then(store.changed),
      revokeByGrantId: (grantId) => own.revokeByGrantId(grantId).then(store.changed),
    };
  };
}
