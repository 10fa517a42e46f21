/** What `npm test` may take on two cores that do nothing else. */
const BUDGET_MS = 15 * 60_000;

export interface FileTime {
  readonly layer: string;
  readonly file: string;
  readonly ms: number;
}

const SHOWN = 10;

/**
 * Where the time of a run went: layers and slowest files, and all of it against the budget. It says, and
 * fails nothing: a machine may have other work.
 */
export function budgetLines(files: readonly FileTime[], totalMs: number): readonly string[] {
  const layers = [...Map.groupBy(files, ({ layer }) => layer)].map(
    ([layer, own]) => `${layer} ${seconds(own.reduce((sum, { ms }) => sum + ms, 0))}`,
  );
  const slowest = files.toSorted((a, b) => b.ms - a.ms).slice(0, SHOWN);
  const over = totalMs > BUDGET_MS ? 'OVER the budget' : 'of the budget';
  return [
    `time    ${seconds(totalMs)}, ${Math.round((totalMs / BUDGET_MS) * 100)} % ${over} of ${BUDGET_MS / 60_000} minutes on two cores; files by layer: ${layers.join(', ')}`,
    ...slowest.map(({ layer, file, ms }) => `${seconds(ms).padStart(8)}  ${layer}  ${file}`),
  ];
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
