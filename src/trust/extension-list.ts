import { booleanOf, childrenOf, type DerNode, oidText, readOnly, TAG } from './der.ts';

/** One extension of a certificate, unread. */
export interface Extension {
  readonly oid: string;
  readonly critical: boolean;
  readonly octets: Buffer;
}

export interface ExtensionList {
  readonly extensions: readonly Extension[];
  /** What verifiers may not overlook in the list itself. */
  readonly malformed: readonly string[];
}

/**
 * @param list content of the `[3] Extensions` element
 * @throws RangeError when it cannot be read
 */
export function splitExtensions(list: Buffer): ExtensionList {
  const extensions = childrenOf(readOnly(list, TAG.sequence)).map(readExtension);
  const repeated = extensions.map(({ oid }) => oid).filter((oid, at, all) => all.indexOf(oid) < at);
  return {
    extensions,
    malformed: [
      ...(extensions.length === 0 ? ['it has an empty list of extensions'] : []),
      // Two verifiers may each read another one of them.
      ...[...new Set(repeated)].map((oid) => `it has the extension ${oid} more than once`),
    ],
  };
}

function readExtension({ tag, content }: DerNode): Extension {
  const [type, ...parts] = childrenOf(content);
  const value = parts.at(-1);
  const flag = parts.length === 2 ? parts[0] : undefined;
  const inForm =
    tag === TAG.sequence &&
    type?.tag === TAG.oid &&
    value?.tag === TAG.octetString &&
    parts.length <= 2 &&
    (flag === undefined || flag.tag === TAG.boolean);
  if (!inForm) throw new RangeError('an extension is malformed');
  return {
    oid: oidText(type.content),
    critical: flag !== undefined && booleanOf(flag.content),
    octets: value.content,
  };
}
