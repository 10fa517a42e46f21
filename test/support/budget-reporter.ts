import type { Reporter, TestModule } from 'vitest/node';
import { budgetLines } from './budget.ts';

/** Says at the end of a run of several layers where its time went. */
export class BudgetReporter implements Reporter {
  #began = performance.now();

  onTestRunStart(): void {
    this.#began = performance.now();
  }

  onTestRunEnd(modules: readonly TestModule[]): void {
    const files = modules.map((module) => ({
      layer: module.project.name,
      file: module.relativeModuleId,
      ms: module.diagnostic().duration,
    }));
    // One file of one layer is somebody at work on it.
    if (new Set(files.map(({ layer }) => layer)).size < 3) return;
    const lines = budgetLines(files, performance.now() - this.#began);
    process.stdout.write(`\n${lines.join('\n')}\n`);
  }
}
