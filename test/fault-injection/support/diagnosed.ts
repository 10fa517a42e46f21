import { CATALOGUE } from '../../../src/checks/catalogue.ts';
import type { Cause } from '../../../src/checks/diagnosis/cause.ts';
import { diagnose } from '../../../src/checks/diagnosis/diagnose.ts';
import type { CheckReport } from '../../../src/checks/verdict.ts';
import { checkText } from '../../../src/report/check-text.ts';
import { createLab, DEFAULT_CHOICE } from '../../../src/topology/lab.ts';
import type { FaultInjection } from './fault-injection.ts';

/* What a person is told of one fault, measured. Pure. */

export interface Diagnosed {
  /** Title and observation of the first cause; undefined where nothing is wrong. */
  readonly top: string | undefined;
  /** Whether the first cause names what the module changed; undefined where the module does not say what that is. */
  readonly isNamed: boolean | undefined;
  readonly causes: number;
  /** Lines of text without `-v`, and the first one that names what was changed. */
  readonly lines: number;
  readonly firstLine: number | undefined;
}

/** Judges a report anew, with the diagnosis of this code. */
export function diagnosed(
  given: CheckReport,
  { names, says }: Pick<FaultInjection, 'names' | 'says'>,
): Diagnosed {
  const report = { ...given, causes: diagnose(given.checks, CATALOGUE) };
  const lab = createLab({ ...DEFAULT_CHOICE, name: given.lab });
  const lines = checkText(report, lab, { colour: false, all: false }).split('\n');
  const [first] = report.causes;
  const top = first === undefined ? undefined : toldOf(first);
  // What the reason has to say is what the cause has to name, where a module gives no words of its own for it.
  const words = names === undefined ? Object.values(says ?? {}).flat() : [names];
  const isTold = (text: string): boolean =>
    words.some((word) => (typeof word === 'string' ? text.includes(word) : word.test(text)));
  const at = lines.findIndex(isTold);
  return {
    top,
    isNamed: words.length === 0 ? undefined : top !== undefined && isTold(top),
    causes: report.causes.length,
    lines: lines.length,
    firstLine: at === -1 ? undefined : at + 1,
  };
}

function toldOf({ title, seen }: Cause): string {
  return seen === null ? title : `${title}: ${seen}`;
}
