import type { Cause } from '../checks/diagnosis/cause.ts';
import { followersOf } from '../checks/diagnosis/followers.ts';
import type { CheckReport } from '../checks/verdict.ts';
import { type Paint, printable, REASON } from './check-lines.ts';

/** How many causes are told in full, and how many by their title; all of them where all is asked for. */
const TOLD = 4;
const TITLED = 8;

/** Longer differences and observations are cut: the verdict holds all of it. */
const SEEN_CHARACTERS = 300;

interface CausesOptions {
  /** All that is known of each. */
  readonly all: boolean;
  /** Where the verdicts that follow are listed. */
  readonly listed: string;
  readonly paint: Paint;
}

/** One paragraph for each cause, the worst first: what is broken, what it means, what repairs it, what follows. */
export function causeLines(
  { causes = [] }: Pick<CheckReport, 'causes'>,
  { all, listed, paint }: CausesOptions,
): readonly string[] {
  const told = all ? causes : causes.slice(0, TOLD);
  const titled = causes.slice(told.length, TITLED);
  const rest = causes.length - told.length - titled.length;
  return [
    ...told.flatMap((cause) => paragraph(cause, listed, paint)),
    ...titled.map((cause) => head(cause, paint)),
    ...(rest > 0 ? [`  ${rest} more ${rest === 1 ? 'cause' : 'causes'} (${listed})`] : []),
  ];
}

function paragraph(cause: Cause, listed: string, paint: Paint): readonly string[] {
  return [
    head(cause, paint),
    ...causeFacts(cause).map(({ label, text }) => `${REASON}${label.padEnd(6)} ${printable(text)}`),
    ...followLine(cause).map((line) => `${REASON}${line} (${listed})`),
  ];
}

/** What is known of a cause beside its title, as rows of a label and a text. */
export function causeFacts({
  seen,
  since,
  effect,
  remedies,
}: Cause): readonly { readonly label: 'seen' | 'since' | 'means' | 'run'; readonly text: string }[] {
  return [
    ...(seen === null ? [] : [{ label: 'seen' as const, text: cut(seen) }]),
    ...(since === null ? [] : [{ label: 'since' as const, text: since }]),
    { label: 'means', text: effect },
    ...remedies.map((text) => ({ label: 'run' as const, text })),
  ];
}

/** How many verdicts follow; nothing where none does. */
export function followLine(cause: Cause): readonly string[] {
  const count = followersOf(cause).length;
  if (count === 0) return [];
  return [
    count === 1 ? '1 verdict follows from it' : `${count.toLocaleString('en-US')} verdicts follow from it`,
  ];
}

/** The check that tells it, in front of the title. */
export function causeTitle({ title, id }: Cause): string {
  return `${id.split(':')[0] ?? ''} ${title}`;
}

function head({ title, id }: Cause, paint: Paint): string {
  const [check = ''] = id.split(':');
  return `  ${paint('red', 'CAUSE  ')}  ${check}  ${paint('bold', printable(title))}`;
}

function cut(text: string): string {
  return text.length > SEEN_CHARACTERS ? `${text.slice(0, SEEN_CHARACTERS - 1)}…` : text;
}
