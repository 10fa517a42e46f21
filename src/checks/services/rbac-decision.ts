import type { RbacFilter, RbacMatch, TextMatch } from '../../evidence/rbac-config.ts';
import type { JudgedRequest } from '../../evidence/services/service-cells.ts';

/** What a proxy would do with a request, by the configuration that it runs. */
export type RbacDecision =
  | { readonly kind: 'allow'; readonly policies: readonly string[] }
  /** `policies`: the DENY policies that match; none: no ALLOW policy does. */
  | { readonly kind: 'deny'; readonly policies: readonly string[] }
  | { readonly kind: 'unknown'; readonly because: string };

/** Three values: a condition that cannot be evaluated may be either. */
type Answer = boolean | { readonly unknown: string };

/**
 * Pure: Envoy's RBAC filters one after another, each for itself. A part that meshdev cannot evaluate makes the decision
 * unknown only where it could change it.
 */
export function rbacDecision(filters: readonly RbacFilter[], request: JudgedRequest): RbacDecision {
  const allowing: string[] = [];
  for (const { action, policies } of filters) {
    const answers = policies.map((policy) => ({
      name: policyOf(policy.name),
      answer: both(
        some(policy.permissions.map((match) => evaluate(match, request))),
        some(policy.principals.map((match) => evaluate(match, request))),
      ),
    }));
    const matching = unique(answers.filter(({ answer }) => answer === true).map(({ name }) => name));
    const [open] = answers.flatMap(({ name, answer }) =>
      typeof answer === 'boolean' ? [] : [`${name} has the condition ${answer.unknown}`],
    );
    if (action === 'DENY' && matching.length > 0) return { kind: 'deny', policies: matching };
    if (action !== 'LOG' && open !== undefined && (action === 'DENY' || matching.length === 0))
      return { kind: 'unknown', because: open };
    if (action === 'ALLOW' && matching.length === 0) return { kind: 'deny', policies: [] };
    if (action === 'ALLOW') allowing.push(...matching);
  }
  return { kind: 'allow', policies: unique(allowing) };
}

function unique(names: readonly string[]): readonly string[] {
  return [...new Set(names)];
}

/** `ns[apps]-policy[orders-1]-rule[0]` is of `apps/orders-1`. */
function policyOf(name: string): string {
  const [, namespace, policy] = /^ns\[(.+)\]-policy\[(.+)\]-rule\[\d+\]$/.exec(name) ?? [];
  return policy === undefined ? name : `${namespace}/${policy}`;
}

function some(answers: readonly Answer[]): Answer {
  return answers.some((answer) => answer === true)
    ? true
    : (answers.find((answer) => typeof answer !== 'boolean') ?? false);
}

function every(answers: readonly Answer[]): Answer {
  return answers.some((answer) => answer === false)
    ? false
    : (answers.find((answer) => typeof answer !== 'boolean') ?? true);
}

function both(one: Answer, other: Answer): Answer {
  return every([one, other]);
}

function evaluate(match: RbacMatch, request: JudgedRequest): Answer {
  switch (match.kind) {
    case 'any':
      return true;
    case 'and':
      return every(match.of.map((one) => evaluate(one, request)));
    case 'or':
      return some(match.of.map((one) => evaluate(one, request)));
    case 'not': {
      const answer = evaluate(match.of, request);
      return typeof answer === 'boolean' ? !answer : answer;
    }
    case 'header':
      return headerAnswer(match.name, match.value, request);
    case 'path':
      return matches(match.value, request.path.replace(/\?.*$/, ''));
    case 'port':
      return match.port === request.port;
    case 'principal':
      return matches(match.value, request.principal);
    case 'claim':
      return claimAnswer(match.path, match.value, request.token);
    case 'other':
      return { unknown: match.what };
  }
}

function headerAnswer(name: string, value: TextMatch, { method, host, path }: JudgedRequest): Answer {
  switch (name) {
    case ':method':
      return matches(value, method);
    case ':authority':
    case 'host':
      return matches(value, host);
    case ':path':
      return matches(value, path);
    default:
      return { unknown: `header ${name}` };
  }
}

/** Without a verified token there is no claim. */
function claimAnswer(path: readonly string[], value: TextMatch, token: JudgedRequest['token']): Answer {
  if (token === undefined) return false;
  switch (path.at(-1)) {
    case 'request.auth.principal':
      return matches(value, `${token.issuer}/${token.subject}`);
    case 'iss':
      return matches(value, token.issuer);
    case 'sub':
      return matches(value, token.subject);
    case 'roles':
      return some(token.roles.map((role) => matches(value, role)));
    case undefined:
    default:
      return { unknown: `claim ${path.join('.')}` };
  }
}

function matches({ how, text, ignoreCase }: TextMatch, seen: string): Answer {
  const [wanted, given] = ignoreCase ? [text.toLowerCase(), seen.toLowerCase()] : [text, seen];
  switch (how) {
    case 'exact':
      return given === wanted;
    case 'prefix':
      return given.startsWith(wanted);
    case 'suffix':
      return given.endsWith(wanted);
    case 'contains':
      return given.includes(wanted);
    case 'present':
      return true;
    case 'regex':
      return wholeMatch(text, seen);
  }
}

/** RE2 matches whole texts; what this engine cannot read is not evaluated. */
function wholeMatch(pattern: string, seen: string): Answer {
  try {
    return new RegExp(`^(?:${pattern})$`, 's').test(seen);
  } catch {
    return { unknown: `regular expression ${pattern}` };
  }
}
