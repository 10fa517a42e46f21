import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { questionOf } from '../../support/x509/ask.ts';
import { type BetterCase, betterTls } from '../../support/x509/better-tls.ts';
import { allCases } from '../../support/x509/cases/all-cases.ts';
import { accepted, compare, type Oracles, refusals, type Row } from '../../support/x509/compare.ts';
import { DISAGREEMENTS } from '../../support/x509/disagreements.ts';
import { figuresOf } from '../../support/x509/figures.ts';
import { buildGoOracle, findCerttool } from '../../support/x509/oracle-programs.ts';

/** Asks everybody about everything, for the figures in docs/path-validation.md: some 20,000 processes. */
const ALL = process.env['MESHDEV_PATH_FIGURES'] === 'all';
const REST = ALL ? 'all' : 'deciding';
/** Of the 9,491 chains with constraints on names so many are a good sample in a few seconds. */
const ONE_OF = 5;
const LIMIT_MS = ALL ? 1_800_000 : 600_000;

describe('path validation beside Go, OpenSSL and GnuTLS', () => {
  let folder = '';
  let oracles: Oracles;
  const figures: string[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'meshdev-paths-'));
    oracles = { go: await buildGoOracle(folder), certtool: await findCerttool() };
  }, LIMIT_MS);

  afterAll(async () => {
    await rm(folder, { recursive: true, force: true });
    await mkdir('test-results', { recursive: true });
    await writeFile('test-results/path-validation.md', `${figures.join('\n')}\n`);
  });

  describe('chains of our own making', () => {
    let rows: readonly Row[] = [];

    beforeAll(async () => {
      rows = await compare(allCases().map(questionOf), oracles, { openssl: 'all', gnutls: REST });
      figures.push(...figuresOf('own chains', rows));
    }, LIMIT_MS);

    it('none is accepted that two of the three refuse', () => {
      expect(rows.length).toBeGreaterThan(1_200);
      expect(rows.filter((row) => accepted(row) && refusals(row) >= 2)).toEqual([]);
    });

    it('none is refused that two of the three accept, but for a reason that is listed', () => {
      const refused = rows.filter((row) => !accepted(row) && acceptances(row) >= 2).map(({ id }) => id);
      const unlisted = refused.filter((id) => !DISAGREEMENTS.some(({ ids }) => ids.test(id)));
      const idle = DISAGREEMENTS.filter(({ ids }) => !refused.some((id) => ids.test(id))).map(
        ({ why }) => why,
      );
      expect({ unlisted, idle }).toEqual({ unlisted: [], idle: [] });
    });

    it('good ones are accepted by all', () => {
      const good = rows.filter(({ id }) => /nothing odd|the right host|the same one everywhere/.test(id));
      expect(good.map(({ ours, go }) => [...ours, go])).toEqual(good.map(() => ['']));
      expect(good).toHaveLength(4);
    });
  });

  it.each(['pathbuilding', 'nameconstraints'] as const)(
    'BetterTLS, %s: every answer is the one it wants',
    async (suite) => {
      const whole = await betterTls(suite);
      const cases = whole.filter((_, at) => ALL || whole.length < 1_000 || at % ONE_OF === 0);
      const rows = await compare(
        cases.map(({ question }) => question),
        oracles,
        { openssl: REST, gnutls: REST },
      );
      figures.push(...figuresOf(`BetterTLS ${suite}`, rows));
      const demanded = new Set(
        suite === 'pathbuilding'
          ? []
          : cases.filter(({ good, either }) => good && !either).map(({ question }) => question.id),
      );
      expect(rows.length).toBeGreaterThan(80);
      // OpenSSL and GnuTLS take an address in a common name for a DNS name; BetterTLS wants it accepted.
      const doubted = rows.filter((row) => accepted(row) && refusals(row) >= 2);
      expect(doubted.filter(({ id }) => !demanded.has(id))).toEqual([]);
      expect(rows.filter((row, at) => isWrong(row, cases[at])).map(({ id, ours }) => [id, ...ours])).toEqual(
        [],
      );
    },
    LIMIT_MS,
  );
});

/** Where BetterTLS allows either answer, a refusal is none to complain about; an acceptance is never such a case. */
function isWrong(row: Row, wanted: BetterCase | undefined): boolean {
  if (wanted === undefined) return true;
  return accepted(row) ? !wanted.good : wanted.good && !wanted.either;
}

function acceptances({ go, openssl, gnutls }: Row): number {
  return [go, openssl, gnutls].filter((words) => words === '').length;
}
