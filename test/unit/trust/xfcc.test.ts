import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseXfcc, type XfccElement, xfccValues } from '../../../src/trust/xfcc.ts';

const key = fc.constantFrom('By', 'Hash', 'Cert', 'Chain', 'Subject', 'URI', 'DNS');
const value = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  // The characters that break naive parsers, often.
  fc.string({ unit: fc.constantFrom('"', '\\', ',', ';', '=', ' ', 'a', 'By=') }),
);
const element = fc.record({ pairs: fc.array(fc.tuple(key, value), { minLength: 1, maxLength: 6 }) });

/** As Envoy writes it. */
function formatXfcc(elements: readonly XfccElement[]): string {
  return elements
    .map(({ pairs }) => pairs.map(([name, text]) => `${name}=${quote(text)}`).join(';'))
    .join(',');
}

function quote(text: string): string {
  const plain = !/[",;=\\]/.test(text) && text === text.trim();
  return plain && text !== '' ? text : `"${text.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
}

describe('XFCC', () => {
  it('comes back as it went, whatever the values hold', () => {
    fc.assert(
      fc.property(fc.array(element, { minLength: 1, maxLength: 4 }), (elements) => {
        expect(parseXfcc(formatXfcc(elements))).toEqual({ kind: 'elements', elements });
      }),
      { numRuns: 500 },
    );
  });

  it('is parsed or called malformed, never thrown at', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('"', '\\', ',', ';', '=', ' ', 'a', 'B', 'By="') }),
        (header) => {
          expect(['elements', 'malformed']).toContain(parseXfcc(header).kind);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('reads what gateway and sidecar write', () => {
    const header =
      'Hash=0a1b;Subject="CN=edge.mesh.localhost,O=meshdev";URI=;DNS=edge.mesh.localhost,' +
      'By=spiffe://cluster.local/ns/apps/sa/httpbin;Hash=2c3d;Subject="";URI=spiffe://cluster.local/ns/istio-ingress/sa/gateway';
    const parsed = parseXfcc(header);
    if (parsed.kind === 'malformed') throw new Error(parsed.why);
    const [edge, gateway] = parsed.elements;
    expect(parsed.elements).toHaveLength(2);
    expect(edge && xfccValues(edge, 'dns')).toEqual(['edge.mesh.localhost']);
    expect(edge && xfccValues(edge, 'Subject')).toEqual(['CN=edge.mesh.localhost,O=meshdev']);
    expect(gateway && xfccValues(gateway, 'URI')).toEqual([
      'spiffe://cluster.local/ns/istio-ingress/sa/gateway',
    ]);
    expect(gateway && xfccValues(gateway, 'By')).toEqual(['spiffe://cluster.local/ns/apps/sa/httpbin']);
  });

  it('does not let a subject invent an element', () => {
    const header = String.raw`Subject="CN=x\",By=spiffe://cluster.local/ns/a/sa/b;URI=spiffe://forged";URI=spiffe://real`;
    const parsed = parseXfcc(header);
    if (parsed.kind === 'malformed') throw new Error(parsed.why);
    expect(parsed.elements).toHaveLength(1);
    expect(parsed.elements.flatMap((one) => xfccValues(one, 'URI'))).toEqual(['spiffe://real']);
  });

  it('keeps the escapes of RFC 2253 in subjects', () => {
    const parsed = parseXfcc(String.raw`Subject="CN=a\,b"`);
    expect(parsed).toEqual({ kind: 'elements', elements: [{ pairs: [['Subject', String.raw`CN=a\,b`]] }] });
  });

  it.each([
    ['', 0],
    ['By', 0],
    ['=x', 0],
    ['By=a,', 5],
    ['By=a;', 5],
    ['By="a', 3],
    ['By="a"b', 6],
    ['By=a;;URI=b', 5],
    ['B y=a', 0],
  ])('calls %j malformed at %i', (header, at) => {
    expect(parseXfcc(header)).toMatchObject({ kind: 'malformed', at });
  });
});
