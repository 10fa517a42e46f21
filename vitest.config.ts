import { defineConfig } from 'vitest/config';

interface Layer {
  readonly name: string;
  /** Layers run one after the other: a lab at work must not starve the unit tests' deadlines. */
  readonly order: number;
  readonly timeout: number;
  readonly serial: boolean;
}

const layer = ({ name, order, timeout, serial }: Layer) => ({
  test: {
    name,
    include: [`test/${name}/**/*.test.ts`],
    testTimeout: timeout,
    hookTimeout: timeout,
    retry: 0,
    sequence: { groupOrder: order },
    // Serial layers are those that need the real engine and images. The others are pure: they need no
    // process of their own for each file, and every core.
    ...(serial
      ? { maxWorkers: 1, fileParallelism: false, globalSetup: ['test/support/real-stack.ts'] }
      : { maxWorkers: '100%', isolate: false }),
  },
});

export default defineConfig({
  test: {
    reporters: ['default', ['json', { outputFile: 'test-results/vitest.json' }]],
    projects: [
      layer({ name: 'unit', order: 0, timeout: 5_000, serial: false }),
      layer({ name: 'golden', order: 0, timeout: 5_000, serial: false }),
      layer({ name: 'integration', order: 1, timeout: 120_000, serial: true }),
      layer({ name: 'e2e', order: 2, timeout: 3_000_000, serial: true }),
      layer({ name: 'sabotage', order: 3, timeout: 400_000, serial: true }),
    ],
  },
});
