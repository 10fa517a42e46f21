import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fail } from '../../../src/checks/check.ts';
import { runChecks } from '../../../src/checks/run-checks.ts';
import { CATALOGUE } from '../../../src/checks/catalogue.ts';
import { checkHtml } from '../../../src/report/check-html.ts';
import { createLab, DEFAULT_CHOICE } from '../../../src/topology/lab.ts';
import { everyRequest, gatewayDown } from '../../support/break-evidence.ts';
import { startBrowser } from '../../support/browser.ts';
import { NOW } from '../../support/certificates.ts';
import { healthyEvidence } from '../../support/healthy-evidence.ts';
import { makeMaterial } from '../../support/healthy-material.ts';
import { exposed, labWith, ORDERS, STOCK } from '../../support/own-services.ts';
import { serviceReport } from '../../support/service-report.ts';
import { report, result } from '../../support/reports.ts';

const lab = createLab(DEFAULT_CHOICE);
/** Eight services that are green beside two that are not. */
const TEN = labWith([
  ORDERS,
  STOCK,
  ...Array.from({ length: 8 }, (_, at) => exposed(`a-service-with-a-long-name-${at}`)),
]);
const SHOTS = join(import.meta.dirname, '../../../test-results/report');

const SCREENS = [
  { name: 'desktop-light', width: 1280, colorScheme: 'light' },
  { name: 'desktop-dark', width: 1280, colorScheme: 'dark' },
  { name: 'narrow-light', width: 360, colorScheme: 'light' },
  { name: 'narrow-dark', width: 360, colorScheme: 'dark' },
] as const;

describe('the HTML report in a real browser', () => {
  let browser: Browser;
  let directory = '';
  const urls = { green: '', broken: '', hostile: '', services: '' };

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'meshdev-report-'));
    await mkdir(SHOTS, { recursive: true });
    const healthy = healthyEvidence(lab, await makeMaterial(lab));
    const judged = (evidence: typeof healthy) =>
      runChecks(CATALOGUE, {
        lab,
        collect: async (key) => evidence[key],
        now: () => NOW,
        interrupted: () => false,
      });
    const evil = `"><script>document.title='owned'</script><img src=http://127.0.0.1:9/x onerror="document.title='owned'">`;
    const pages = {
      green: checkHtml(await judged(healthy), lab),
      broken: checkHtml(await judged(everyRequest(gatewayDown)(healthy)), lab),
      hostile: checkHtml(
        report([result('MD-EDGE-001', fail('EDGE_ALPN', evil, [evil]), { title: evil })]),
        lab,
      ),
      services: checkHtml(await serviceReport(TEN), TEN),
    };
    for (const name of ['green', 'broken', 'hostile', 'services'] as const) {
      const path = join(directory, `${name}.html`);
      await writeFile(path, pages[name]);
      urls[name] = pathToFileURL(path).href;
    }
    browser = await startBrowser();
  });
  afterAll(async () => {
    await browser.close();
    await rm(directory, { recursive: true, force: true });
  });

  async function opened(url: string, javaScriptEnabled: boolean) {
    const context = await browser.newContext({ javaScriptEnabled });
    const page = await context.newPage();
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    await page.goto(url);
    return { page, asked, [Symbol.asyncDispose]: () => context.close() };
  }

  const seen = (page: Page, selector: string): Promise<boolean> => page.locator(selector).first().isVisible();

  it.each(['green', 'broken'] as const)(
    'shows a %s chain on every screen without scripts, and asks nobody for anything',
    async (state) => {
      await using tab = await opened(urls[state], false);
      const { page, asked } = tab;
      const backs = new Set<unknown>();
      for (const { name, width, colorScheme } of SCREENS) {
        await page.setViewportSize({ width, height: 900 });
        await page.emulateMedia({ colorScheme });
        const isNarrow = width < 700;
        expect(await seen(page, 'svg.wide')).toBe(!isNarrow);
        expect(await seen(page, 'svg.tall')).toBe(isNarrow);
        const picture = page.locator(isNarrow ? 'svg.tall' : 'svg.wide');
        const shown = await picture
          .locator('text')
          .evaluateAll((all) => all.filter((each) => each.checkVisibility()).map((each) => each.textContent));
        expect(shown).toEqual(expect.arrayContaining(['client', 'edge', 'gateway', 'sidecar', 'app', 'IdP']));
        await expectInside(page, width);
        expect(await page.locator('#totals').innerText()).toContain(`exit ${state === 'green' ? 0 : 1}`);
        backs.add(await page.evaluate('getComputedStyle(document.body).backgroundColor'));
        await page.screenshot({ path: join(SHOTS, `${state}-${name}.png`) });
      }
      // One colour by day, another by night, whatever the width.
      expect(backs.size).toBe(2);
      expect(asked).toEqual([urls[state]]);
    },
  );

  it('shows ten services on every screen: a line each where it is green, and the chain of what is not', async () => {
    await using tab = await opened(urls.services, false);
    const { page, asked } = tab;
    for (const { name, width, colorScheme } of SCREENS) {
      await page.setViewportSize({ width, height: 900 });
      await page.emulateMedia({ colorScheme });
      await expectInside(page, width);
      const chains = page.locator('.links');
      expect(await chains.count()).toBe(10);
      const shown = await chains.evaluateAll((all) => all.filter((each) => each.checkVisibility()).length);
      expect(shown).toBe(2);
      const parts = await page
        .locator('.links .part, .links .link')
        .evaluateAll((all) => all.map((each) => each.getBoundingClientRect().right));
      expect(Math.max(...parts)).toBeLessThanOrEqual(width);
      await page.screenshot({ path: join(SHOTS, `services-${name}.png`), fullPage: true });
    }
    expect(asked).toEqual([urls.services]);
    await page.locator('details.service.pass > summary').first().click();
    expect(await page.locator('.links').filter({ visible: true }).count()).toBe(3);
  });

  it('opens a check by hand without scripts, and shows its evidence', async () => {
    await using tab = await opened(urls.green, false);
    const details = tab.page.locator('details', { hasText: 'MD-MESH-002' });
    expect(await details.locator('pre').isVisible()).toBe(false);
    await details.locator('summary').click();
    expect(await details.locator('pre').innerText()).toContain('downstream_peer_uri_san');
  });

  it('runs nothing and fetches nothing that came from the wire, even with scripts on', async () => {
    await using tab = await opened(urls.hostile, true);
    expect(tab.asked).toEqual([urls.hostile]);
    expect(await tab.page.title()).toContain('meshdev check');
    expect(await tab.page.locator('script, img').count()).toBe(0);
    expect(await tab.page.locator('details.fail summary').first().innerText()).toContain('<script>');
  });
});

/** Nothing is cut off: neither the page scrolls sideways, nor does a text leave its box. */
async function expectInside(page: Page, width: number): Promise<void> {
  const boxes = page.locator('.card, .chain, details, .banner');
  expect(await boxes.count()).toBeGreaterThan(10);
  const right = await boxes.evaluateAll((all) => all.map((each) => each.getBoundingClientRect().right));
  expect(Math.max(...right)).toBeLessThanOrEqual(width);
}
