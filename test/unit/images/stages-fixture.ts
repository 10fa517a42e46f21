import type { Slot, Stage } from '../../../src/images/packages/stage.ts';

interface Sketch {
  readonly needs?: readonly string[];
  readonly version?: string;
  readonly slot?: Slot;
  readonly seconds?: number;
  readonly fetches?: boolean;
}

/** A stage that does nothing, for tests of keys, order and time. */
export function stage(id: string, sketch: Sketch = {}): Stage {
  return {
    id,
    needs: sketch.needs ?? [],
    inputs: { version: sketch.version ?? '1' },
    slot: sketch.slot ?? 'io',
    aboutSeconds: sketch.seconds ?? 1,
    aboutBytes: 1,
    ...(sketch.fetches === true ? { fetch: async () => {} } : {}),
    build: async () => {},
  };
}
