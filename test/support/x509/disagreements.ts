/** Chains that we refuse although two of the three other verifiers accept them, and why. */
export interface Disagreement {
  readonly ids: RegExp;
  readonly why: string;
}

/** Ids of constraints read `<kind> <list> <limit>: <name>`. Sections are those of RFC 5280. */
export const DISAGREEMENTS: readonly Disagreement[] = [
  {
    ids: /^dns \w+ "\*\.a\.test":/,
    why: 'a limit has no wildcards; taken as a name it would exclude nothing',
  },
  { ids: /^dns \w+ "a\.test\.":/, why: 'a limit has no dot at its end' },
  { ids: /^dns excluded .*: "\*\.(a\.)?test"$/, why: 'the wildcard may stand for the excluded name' },
  {
    ids: /^dns .*: "(\.a|ä\.a|a\\u0000)\.test"$/,
    why: 'what is no DNS name cannot be compared with a limit',
  },
  {
    ids: /^(dns|email) .*: ".*a\.test\."$/,
    why: 'a name with a dot at its end is another spelling of one without',
  },
  {
    ids: /^(email|uri) \w+ "":/,
    why: 'RFC 5280 gives an empty limit on hosts no meaning, and verifiers differ',
  },
  { ids: /^email \w+ "@a\.test":/, why: 'a limit with an @ is a whole mailbox' },
  { ids: /^email .*: "(\\"u@x\\"|u@v)?@a\.test"$/, why: 'what is no plain mailbox cannot be compared' },
  { ids: /^email excluded "a\.test": "u@b\.a\.test"$/, why: 'some exclude what is below a host as well' },
  {
    ids: /^uri .*: "(https|spiffe):\/\/[\w.:]+@/,
    why: 'some read the user information of a URI as its host',
  },
  {
    ids: /^uri permitted .*: "https:\/\/b\.a\.test"$/,
    why: 'a limit without a leading dot is one host (RFC 5280)',
  },
  { ids: /^uri permitted .*: "\/\/a\.test\/x"$/, why: 'a URI without a scheme is none' },
  {
    ids: /^uri \w+ "(https:\/\/a\.test|a\.test:8443|10\.0\.0\.1)":/,
    why: 'a limit on URIs is a host by its name',
  },
  { ids: /^directory excluded /, why: 'OpenSSL alone excludes directory names' },
  { ids: /^other /, why: 'nothing here can apply such a limit' },
  {
    ids: /^leaf: (serial 0|a negative serial|a serial of 21 octets)$/,
    why: 'serials are positive, of 20 octets at most',
  },
  { ids: /^leaf: version 4$/, why: 'there is none' },
  { ids: /^leaf: no SAN, the name as common name$/, why: 'the common name is no name of a server any more' },
  { ids: /^leaf: a time without seconds$/, why: 'times have seconds (§4.1.2.5)' },
  {
    ids: /^leaf: an empty (list of extensions|SAN|list of purposes)$/,
    why: 'these lists are not empty (§4.1, §4.2)',
  },
  {
    ids: /^leaf: a SAN with a rest behind it$/,
    why: 'bytes behind a value are read by some and not by others',
  },
  {
    ids: /^leaf: critical CRL points$/,
    why: 'nothing here reads revocation lists, so the extension is not understood',
  },
  { ids: /^leaf: key (usage without a bit|encipherment only)$/, why: 'TLS 1.3 needs a key that may sign' },
  { ids: /^leaf: (keyCertSign|a path length), but no CA$/, why: 'only a CA has these (§4.2.1.3, §4.2.1.9)' },
  { ids: /: (a key on P-224|an RSA key of 1024 bits)$/, why: 'below 128 bits of strength, or 112 for RSA' },
  { ids: /: an RSA key with exponent 1$/, why: 'with this exponent anybody can sign' },
  {
    ids: /^leaf: a key (on secp256k1|of an unknown algorithm)$/,
    why: 'a key that is not understood proves nothing',
  },
  { ids: /^signature: rsaSha224$/, why: 'below 128 bits of strength' },
  { ids: /^intermediate: CA flag 1$/, why: 'DER has one spelling of true' },
  { ids: /^intermediate: path length 2\^40$/, why: 'a number that no path length has' },
  {
    ids: /^intermediate: (name constraints without lists|empty (ex|per).* names)$/,
    why: 'no limit is listed (§4.2.1.10)',
  },
  {
    ids: /^intermediate: unknown name constraints, not critical$/,
    why: 'limits count whether marked critical or not',
  },
  { ids: /^intermediate: name constraints with a (min|max)imum$/, why: 'RFC 5280 has neither (§4.2.1.10)' },
  { ids: /^chain: issuer as PrintableString$/, why: 'issuers are found byte for byte, as Go finds them' },
  { ids: /^policy: an empty list$/, why: 'a list of policies is not empty (§4.2.1.4)' },
  {
    ids: /^policy: any inhibited(, not an integer| after -1)$/,
    why: 'a count is a number, and not negative',
  },
  {
    ids: /^policy: critical, with an unknown qualifier$/,
    why: 'a critical qualifier has to be understood (§4.2.1.4)',
  },
];
