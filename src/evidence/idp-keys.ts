/** A public key and what it is called; a name alone proves nothing. */
export interface HeldKey {
  readonly kid: string;
  /** RFC 7638; undefined for a kind of key that has none here. */
  readonly thumbprint: string | undefined;
}

/** A key of the IdP's set, as it is published. */
export interface PublishedKey extends HeldKey {
  readonly kty: string;
  readonly isPrivate: boolean;
  readonly alg: string | undefined;
  readonly use: string | undefined;
  readonly crv: string | undefined;
  /** Of the modulus, where there is one. */
  readonly bits: number | undefined;
}

export interface IdpState {
  readonly discovery: Readonly<Record<string, unknown>>;
  readonly keys: readonly PublishedKey[];
}
