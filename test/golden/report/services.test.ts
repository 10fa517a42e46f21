import { describe, expect, it } from 'vitest';
import { checkGithub, checkSummary } from '../../../src/report/check-github.ts';
import { checkHtml } from '../../../src/report/check-html.ts';
import { checkJson } from '../../../src/report/check-json.ts';
import { checkJunit } from '../../../src/report/check-junit.ts';
import { checkTap } from '../../../src/report/check-tap.ts';
import { checkText } from '../../../src/report/check-text.ts';
import { json } from '../../../src/report/json.ts';
import { TWO_SERVICES } from '../../support/own-services.ts';
import { serviceReport } from '../../support/service-report.ts';

const given = await serviceReport();
const plain = { colour: false, all: false };

/** A lab with two services of a user, of which both are red. Regenerate on purpose: `vitest -u`. */
describe('the report of a lab with services, as', () => {
  it.each([
    ['text.txt', `${checkText(given, TWO_SERVICES, plain)}\n`],
    ['verbose.txt', `${checkText(given, TWO_SERVICES, { ...plain, all: true })}\n`],
    ['quiet.txt', `${checkText(given, TWO_SERVICES, { ...plain, quiet: true })}\n`],
    ['report.json', json(checkJson(given))],
    ['junit.xml', checkJunit(given)],
    ['report.tap', checkTap(given)],
    ['annotations.txt', checkGithub(given)],
    ['summary.md', checkSummary(given)],
    ['page.html', checkHtml(given, TWO_SERVICES)],
  ])('%s', async (file, text) => {
    await expect(text).toMatchFileSnapshot(file);
  });
});
