import { describe, expect, it } from 'vitest';
import { redIn, renderFalseAlarms } from '../../false-alarms/support/rounds.ts';

const verdict = (kind: string, code: string | null = null) => ({
  id: 'MD-MESH-015',
  case: 'dns',
  verdict: kind,
  code,
  message: code === null ? null : 'the intruder cannot\nresolve the name',
});

describe('what a healthy lab is asked again and again', () => {
  it('is green with passes and skips alone', () => {
    expect(redIn({ checks: [verdict('pass'), verdict('skip')] })).toEqual([]);
    expect(redIn({ checks: [verdict('unknown', 'INTRUDER_CUT_OFF'), verdict('warn', 'EDGE_ALPN')] })).toEqual(
      [
        'unknown MD-MESH-015[dns] INTRUDER_CUT_OFF: the intruder cannot resolve the name',
        'warn MD-MESH-015[dns] EDGE_ALPN: the intruder cannot resolve the name',
      ],
    );
  });

  it('is not green where nothing can be read', () => {
    expect(redIn(undefined)).toEqual(['the report cannot be read']);
    expect(redIn({ kind: 'Error', code: 'LAB_NOT_UP' })).toEqual(['the report cannot be read']);
  });

  it('is a table of both rounds, with every alarm below it', () => {
    const green = { seconds: 20, notGreen: [] };
    const red = { seconds: 41.26, notGreen: ['unknown MD-MESH-015 X: y'] };
    expect(renderFalseAlarms({ 'at rest': [green, green], 'under load': [green, red] }, 4)).toBe(
      `| | checks | green | seconds: median (min–max) |
| --- | --- | --- | --- |
| at rest | 2 | 2 | 20.0 (20.0–20.0) |
| beside 4 busy processes a core | 2 | 1 | 30.6 (20.0–41.3) |

- beside 4 busy processes a core, check 2: unknown MD-MESH-015 X: y
`,
    );
    expect(renderFalseAlarms({ 'at rest': [green], 'under load': [] }, 4)).toContain(
      'Nothing was red or unknown.',
    );
  });
});
