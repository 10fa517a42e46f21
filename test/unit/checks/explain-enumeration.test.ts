import { describe, expect, it } from 'vitest';
import { explain, type Explanation } from '../../../src/checks/explain.ts';
import {
  CLOSE_REASONS,
  CODEC_DETAILS,
  CONNECTION_TERMINATION_DETAILS,
  CORE_DETAILS,
  FILTER_DETAILS,
  RESET_REASONS,
  RESPONSE_FLAGS,
  STATUSES,
  TOKEN_FAILURES,
} from '../../support/envoy-enumeration.ts';

type Row = Extract<Explanation, { kind: 'signal' }>;

/** The component that acted or is at fault. */
const WHO =
  /proxy|proxies|component|client|caller|gateway|sidecar|edge|envoy|caddy|nginx|idp|identity|istiod|kubernetes|service|route|rule|policy|token|request|response|connection|app\b/i;
/** Something that can be typed. */
const COMMAND = /\b(?:meshdev|curl|istioctl) [a-z-]/;

function rowsOf(word: string, source: RegExp): readonly Row[] {
  return explain(word).filter((each): each is Row => each.kind === 'signal' && source.test(each.source));
}

/** What keeps a row from helping; `[]` when nothing does. */
function emptiness({ reason, remedy }: Pick<Row, 'reason' | 'remedy'>): readonly string[] {
  return [
    ...(reason.split(/\s+/).length < 4 ? ['says too little'] : []),
    ...(reason.length > 260 ? ['is too long'] : []),
    ...(WHO.test(reason) ? [] : ['names no component']),
    ...(COMMAND.test(remedy) ? [] : ['has no command']),
  ];
}

const underscored = (text: string): string => text.replaceAll(' ', '_');

describe('explain knows all that Envoy can say', () => {
  it.each<readonly [what: string, words: readonly string[], source: RegExp]>([
    ['response flags', RESPONSE_FLAGS.map(([, short]) => short), /^envoy flag$/],
    ['details of the core', CORE_DETAILS, /^envoy details$/],
    ['details of the codecs', CODEC_DETAILS, /^envoy details$/],
    ['reasons of resets', RESET_REASONS, /^envoy details$/],
    ['reasons of closes', CLOSE_REASONS, /^envoy details$/],
    ['details of filters', FILTER_DETAILS, /^envoy details$/],
    ['connection termination details', CONNECTION_TERMINATION_DETAILS, /^envoy details$/],
    [
      'failures of tokens',
      TOKEN_FAILURES.map((text) => `jwt_authn_access_denied{${underscored(text)}}`),
      /^envoy details$/,
    ],
    ['clusters', ['BlackHoleCluster', 'PassthroughCluster', 'InboundPassthroughCluster'], /^envoy cluster$/],
    ['statuses', STATUSES.map(String), /status$/],
  ])('%s: none is missing, and none is an empty phrase', (_, words, source) => {
    const gaps = words.flatMap((word) => {
      const rows = known(word, source);
      if (rows.length === 0) return [`${word} is missing`];
      return rows.flatMap((row) =>
        emptiness(row).map((each) => `${word} ${each}: ${row.reason}; ${row.remedy}`),
      );
    });
    expect(gaps).toEqual([]);
  });

  it('knows flags by their long names', () => {
    const missing = RESPONSE_FLAGS.filter(
      ([long, short]) => JSON.stringify(known(long, /flag/)) !== JSON.stringify(known(short, /flag/)),
    );
    expect(missing).toEqual([]);
  });

  it.each([
    ['upstream_reset_before_response_started{connection_termination}', /keep-alive/],
    [
      'upstream_reset_before_response_started{remote_connection_failure|delayed_connect_error:_111}',
      /could not connect/,
    ],
    ['upstream_reset_after_response_started{protocol_error}', /not the HTTP/],
    ['downstream_local_disconnect(on_idle_timeout)', /idle timeout/],
    ['UC', /keep-alive/],
    ['431 Request Header Fields Too Large', /headers of the request are too large/],
    ['HTTP/1.1 426 Upgrade Required', /HTTP\/1\.0/],
  ])('finds %s', (word, meaning) => {
    expect(explain(word).map((each) => ('reason' in each ? each.reason : ''))).toContainEqual(
      expect.stringMatching(meaning),
    );
  });

  it('does not know what nothing sends', () => {
    const words = ['XQ', '599', 'on_idle_timeouts', 'remote_resetx'];
    expect(words.filter((word) => known(word, /./).length > 0)).toEqual([]);
  });
});

/** `explain` throws for what it does not know. */
function known(word: string, source: RegExp): readonly Row[] {
  try {
    return rowsOf(word, source);
  } catch {
    return [];
  }
}
