import { expect, it } from 'vitest';
import { punctuationFaults } from '../../support/punctuation.ts';

it.each([
  'nothing is called "zzz". Categories are wrk, edge',
  'no process listens on [::1]',
  'alice on GET /anything/read/..%252fadmin: HTTP 403 (RBAC: access denied)',
  'Istio matches its installation; Caddy runs the rendered configuration',
  'docs/checks.md, “What is open on purpose”',
])('%s: is well put', (text) => {
  expect(punctuationFaults(text)).toEqual([]);
});

it.each([
  ['nothing is called "zzz" Categories are wrk, edge', 'begins a sentence without ending the one before'],
  ['TLSv1.3 TLS_AES_128_GCM_SHA256 ', 'has blanks around it'],
  ['issued , judged alice', 'has a blank before a sign'],
  ['a token,: no answer', 'has a sign twice'],
  ['the IdP signs with undefined', 'says undefined'],
  ['two  blanks', 'has two blanks'],
  ['the request was refused.', 'ends in a sign'],
  ['an open (bracket', 'has an open bracket'],
  ['an open “quotation', 'has an open quotation'],
  ['an empty “” quotation', 'has an empty quotation'],
])('%s: %s', (text, fault) => {
  expect(punctuationFaults(text)).toEqual([`${JSON.stringify(text)} ${fault}`]);
});
