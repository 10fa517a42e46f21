import { accepted, type Row } from './compare.ts';

/** Lines of a table: how often each verifier said what, beside our own judge. */
export function figuresOf(title: string, rows: readonly Row[]): readonly string[] {
  const count = (fits: (row: Row) => boolean): number => rows.filter(fits).length;
  const verifier = (name: string, words: (row: Row) => string | undefined): string => {
    const asked = rows.filter((row) => words(row) !== undefined);
    const accepts = asked.filter((row) => words(row) === '');
    return `| ${name} | ${asked.length} | ${accepts.length} | ${accepts.filter((row) => !accepted(row)).length} | ${asked.filter((row) => words(row) !== '' && accepted(row)).length} |`;
  };
  const against = (least: number): number =>
    count((row) => accepted(row) && said(row, (words) => words !== '') >= least);
  const despite = (least: number): number =>
    count((row) => !accepted(row) && said(row, (words) => words === '') >= least);
  return [
    `### ${title}: ${rows.length} chains`,
    '',
    '| verifier | asked | accepts | accepts, we refuse | refuses, we accept |',
    '| --- | --- | --- | --- | --- |',
    `| ours | ${rows.length} | ${count(accepted)} | | |`,
    verifier('Go', ({ go }) => go),
    verifier('OpenSSL', ({ openssl }) => openssl),
    verifier('GnuTLS', ({ gnutls }) => gnutls),
    '',
    `Accepted by us, refused by two: ${against(2)}, by three: ${against(3)}. Refused by us, accepted by two: ${despite(2)}, by three: ${despite(3)}.`,
    '',
  ];
}

function said({ go, openssl, gnutls }: Row, fits: (words: string) => boolean): number {
  return [go, openssl, gnutls].filter((words) => words !== undefined && fits(words)).length;
}
