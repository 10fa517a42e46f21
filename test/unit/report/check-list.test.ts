import { expect, it } from 'vitest';
import { checkListJson, checkListText } from '../../../src/report/check-list.ts';
import { says } from '../../support/service-checks.ts';

const CHECKS = [
  says('MD-T-001', {}, { title: 'it holds' }),
  says('MD-T-002', { services: {} }, { title: 'it holds', polarity: 'negative' }),
  says('MD-T-003', { services: {} }, { title: 'it holds', hop: 'sidecar->app' }, { scope: 'exposed' }),
];

it('check --list says which checks are judged of services too, and of which', () => {
  expect(checkListText(CHECKS)).toBe(
    [
      'MD-T-001     + client->edge       it holds',
      'MD-T-002     - client->edge       it holds   (and of each service)',
      'MD-T-003     + sidecar->app       it holds   (and of each exposed service)',
      '',
    ].join('\n'),
  );
});

it('so does its document, and a check of the lab alone is as it was', () => {
  const { checks } = JSON.parse(checkListJson(CHECKS));
  expect(checks).toEqual([
    { id: 'MD-T-001', polarity: 'positive', hop: 'client->edge', title: 'it holds' },
    { id: 'MD-T-002', polarity: 'negative', hop: 'client->edge', title: 'it holds', services: 'all' },
    { id: 'MD-T-003', polarity: 'positive', hop: 'sidecar->app', title: 'it holds', services: 'exposed' },
  ]);
});
