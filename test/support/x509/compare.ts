import { askUs, type OwnAnswer, type Question } from './ask.ts';
import type { DebianProgram } from '../debian-program.ts';
import { type Answers, askGnutls, askGo, askOpenssl } from './oracles.ts';

export interface Oracles {
  readonly go: string;
  readonly certtool: DebianProgram;
}

/** One chain before all verifiers. Words of a refusal, empty for an acceptance. */
export interface Row {
  readonly id: string;
  readonly ours: readonly string[];
  readonly go: string;
  /** `undefined`: not asked, since the answer could not change what is compared. */
  readonly openssl: string | undefined;
  readonly gnutls: string | undefined;
}

export const accepted = ({ ours }: Row): boolean => ours.length === 0;

export function refusals({ go, openssl = '', gnutls = '' }: Row): number {
  return [go, openssl, gnutls].filter((words) => words !== '').length;
}

/** Whom to ask about what: Go about everything, and the others about everything or where their word decides. */
export interface Scope {
  readonly openssl: 'all' | 'deciding';
  readonly gnutls: 'all' | 'deciding';
}

/**
 * Puts each chain before all verifiers. A word decides where it is the second of two that accept what we refuse, or
 * refuse what we accept; OpenSSL’s always may where we accept.
 */
export async function compare(
  questions: readonly Question[],
  oracles: Oracles,
  scope: Scope,
): Promise<readonly Row[]> {
  const own = new Map(questions.map((question) => [question.id, askUs(question)]));
  const isAccepted = (id: string): boolean => own.get(id)?.codes.length === 0;
  const go = await askGo(oracles.go, questions);
  const differs = ({ id }: Question, answers: Answers): boolean =>
    answers.has(id) && (answers.get(id) === '') !== isAccepted(id);
  const openssl = await askOpenssl(
    questions.filter((each) => scope.openssl === 'all' || isAccepted(each.id) || differs(each, go)),
  );
  const gnutls = await askGnutls(
    oracles.certtool,
    questions.filter((each) => scope.gnutls === 'all' || differs(each, go) || differs(each, openssl)),
  );
  const rows = questions.map(({ id }) => ({
    id,
    ours: own.get(id)?.codes ?? [],
    go: go.get(id) ?? 'no answer',
    openssl: openssl.get(id),
    gnutls: gnutls.get(id),
  }));
  return searchedFor(rows, questions, own, oracles);
}

/**
 * OpenSSL and GnuTLS follow the first issuer that they find. Where they refuse a list that holds a good path, they
 * are asked about the path that we found: it has to be good for them as well.
 */
async function searchedFor(
  rows: readonly Row[],
  questions: readonly Question[],
  own: ReadonlyMap<string, OwnAnswer>,
  oracles: Oracles,
): Promise<readonly Row[]> {
  const doubted = new Set(rows.filter((row) => accepted(row) && refusals(row) >= 2).map(({ id }) => id));
  const paths = questions
    .filter(({ id }) => doubted.has(id))
    .map((each) => ({
      ...each,
      presented: own.get(each.id)?.path.flatMap((place) => each.presented[place] ?? []) ?? [],
    }));
  const [openssl, gnutls] = [await askOpenssl(paths), await askGnutls(oracles.certtool, paths)];
  return rows.map((row) =>
    doubted.has(row.id) ? { ...row, openssl: openssl.get(row.id), gnutls: gnutls.get(row.id) } : row,
  );
}
