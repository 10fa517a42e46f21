import { defineConfig } from 'vitest/config';
import { BudgetReporter } from './test/support/budget-reporter.ts';

interface Layer {
  readonly name: string;
  /** Layers run one after the other: a lab at work must not starve the unit tests' deadlines. */
  readonly order: number;
  readonly timeout: number;
  /** Files at a time, of a layer that needs the real engine and images; every core for the others. */
  readonly workers?: number;
}

const layer = ({ name, order, timeout, workers }: Layer) => ({
  test: {
    name,
    include: [`test/${name}/**/*.test.ts`],
    testTimeout: timeout,
    hookTimeout: timeout,
    retry: 0,
    sequence: { groupOrder: order },
    // Pure tests need no process of their own for each file.
    ...(workers !== undefined
      ? { maxWorkers: workers, globalSetup: ['test/support/real-stack.ts'] }
      : { maxWorkers: '100%', isolate: false }),
  },
});

export default defineConfig({
  test: {
    reporters: ['default', ['json', { outputFile: 'test-results/vitest.json' }], new BudgetReporter()],
    projects: [
      layer({ name: 'unit', order: 0, timeout: 20_000 }),
      layer({ name: 'golden', order: 0, timeout: 20_000 }),
      layer({ name: 'integration', order: 1, timeout: 120_000, workers: 2 }),
      layer({ name: 'e2e', order: 2, timeout: 3_000_000, workers: 2 }),
      layer({ name: 'fault-injection', order: 3, timeout: 400_000, workers: 1 }),
    ],
  },
});
