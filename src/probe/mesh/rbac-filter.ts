import { z } from 'zod';
import type { RbacFilter, RbacMatch, TextMatch } from '../../evidence/rbac-config.ts';
import { isRecord } from '../../cluster/differences.ts';

const ACTIONS = ['ALLOW', 'DENY', 'LOG'] as const;

const policy = z.looseObject({
  permissions: z.array(z.unknown()).default([]),
  principals: z.array(z.unknown()).default([]),
});

const filter = z.looseObject({
  '@type': z.string().endsWith('.RBAC'),
  rules: z
    .looseObject({
      action: z.enum(ACTIONS).default('ALLOW'),
      policies: z.record(z.string(), policy).default({}),
    })
    .optional(),
});

/**
 * Pure: the RBAC filter of a configuration dump, HTTP or network; nothing for another one, and for one whose rules are
 * only logged (`shadow_rules`).
 */
export function rbacFilter(config: unknown): readonly RbacFilter[] {
  const { rules } = filter.safeParse(config).data ?? {};
  if (rules === undefined) return [];
  const policies = Object.entries(rules.policies).map(([name, { permissions, principals }]) => ({
    name,
    permissions: permissions.map(toMatch),
    principals: principals.map(toMatch),
  }));
  return [{ action: rules.action, policies }];
}

/** A permission or a principal: an object with one key, the kind of the condition. */
function toMatch(value: unknown): RbacMatch {
  const [kind = 'nothing', content] = isRecord(value) ? (Object.entries(value)[0] ?? []) : [];
  return READERS[kind]?.(content) ?? { kind: 'other', what: kind };
}

type Read = (content: unknown) => RbacMatch | undefined;

const READERS: Readonly<Record<string, Read>> = {
  any: (content) => (content === true ? { kind: 'any' } : undefined),
  and_rules: (content) => listed('and', content, 'rules'),
  or_rules: (content) => listed('or', content, 'rules'),
  and_ids: (content) => listed('and', content, 'ids'),
  or_ids: (content) => listed('or', content, 'ids'),
  not_rule: (content) => ({ kind: 'not', of: toMatch(content) }),
  not_id: (content) => ({ kind: 'not', of: toMatch(content) }),
  header: headerMatch,
  url_path: (content) => withText('path', isRecord(content) ? content['path'] : undefined),
  destination_port: (content) => (typeof content === 'number' ? { kind: 'port', port: content } : undefined),
  authenticated: (content) =>
    withText('principal', isRecord(content) ? content['principal_name'] : undefined),
  filter_state: filterState,
  metadata: claim,
  sourced_metadata: (content) => claim(isRecord(content) ? content['metadata_matcher'] : undefined),
};

function listed(kind: 'and' | 'or', content: unknown, key: 'rules' | 'ids'): RbacMatch | undefined {
  const of = isRecord(content) ? content[key] : undefined;
  return Array.isArray(of) ? { kind, of: of.map(toMatch) } : undefined;
}

function withText(kind: 'path' | 'principal', content: unknown): RbacMatch | undefined {
  const value = textMatch(content);
  return value === undefined ? undefined : { kind, value };
}

const header = z.looseObject({
  name: z.string(),
  string_match: z.unknown().optional(),
  exact_match: z.string().optional(),
  prefix_match: z.string().optional(),
  suffix_match: z.string().optional(),
  present_match: z.boolean().optional(),
  invert_match: z.boolean().default(false),
  treat_missing_header_as_empty: z.boolean().optional(),
});

function headerMatch(content: unknown): RbacMatch | undefined {
  const { data } = header.safeParse(content);
  if (data === undefined || data.present_match === false) return undefined;
  const plain = { exact: data.exact_match, prefix: data.prefix_match, suffix: data.suffix_match };
  const value =
    data.present_match === true
      ? { how: 'present' as const, text: '', ignoreCase: false }
      : textMatch(data.string_match ?? plain);
  if (value === undefined) return undefined;
  const match: RbacMatch = { kind: 'header', name: data.name.toLowerCase(), value };
  return data.invert_match ? { kind: 'not', of: match } : match;
}

const peerState = z.looseObject({ key: z.literal('io.istio.peer_principal'), string_match: z.unknown() });

/** How newer versions of Istio name the client. */
function filterState(content: unknown): RbacMatch | undefined {
  const { data } = peerState.safeParse(content);
  return data === undefined ? undefined : withText('principal', data.string_match);
}

const metadata = z.looseObject({
  path: z.array(z.looseObject({ key: z.string() })),
  value: z.looseObject({
    string_match: z.unknown().optional(),
    present_match: z.boolean().optional(),
    list_match: z.looseObject({ one_of: z.unknown() }).optional(),
    or_match: z.looseObject({ value_matchers: z.array(z.unknown()) }).optional(),
  }),
  invert: z.boolean().default(false),
});

function claim(content: unknown): RbacMatch | undefined {
  const { data } = metadata.safeParse(content);
  if (data === undefined || data.invert) return undefined;
  const path = data.path.map(({ key }) => key);
  const { value } = data;
  // One text of a list, or one of several of them: Istio writes both for claims.
  if (value.list_match !== undefined) return claim({ path: data.path, value: value.list_match.one_of });
  if (value.or_match !== undefined) {
    const of = value.or_match.value_matchers.map(
      (each) => claim({ path: data.path, value: each }) ?? ({ kind: 'other', what: 'metadata' } as const),
    );
    return { kind: 'or', of };
  }
  const text =
    value.present_match === true
      ? { how: 'present' as const, text: '', ignoreCase: false }
      : textMatch(value.string_match);
  return text === undefined ? undefined : { kind: 'claim', path, value: text };
}

const texts = z.looseObject({
  exact: z.string().optional(),
  prefix: z.string().optional(),
  suffix: z.string().optional(),
  contains: z.string().optional(),
  safe_regex: z.looseObject({ regex: z.string() }).optional(),
  ignore_case: z.boolean().default(false),
});

function textMatch(content: unknown): TextMatch | undefined {
  const { data } = texts.safeParse(content);
  if (data === undefined) return undefined;
  const { exact, prefix, suffix, contains, safe_regex: regex, ignore_case: ignoreCase } = data;
  const given = { exact, prefix, suffix, contains, regex: regex?.regex };
  for (const how of ['exact', 'prefix', 'suffix', 'contains', 'regex'] as const) {
    const text = given[how];
    if (text !== undefined) return { how, text, ignoreCase };
  }
  return undefined;
}
