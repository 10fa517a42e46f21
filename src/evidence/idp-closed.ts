/** What the IdP runs beside its plan. */
export interface IdpClosed {
  /** RFC 7638 thumbprints of the keys that the lab made for it. */
  readonly declaredKeys: readonly string[];
  /** How its configuration differs from the planned one; no values of secrets. */
  readonly configuration: readonly string[];
  /** Undefined: there is no other container of the same image to compare with. */
  readonly program: readonly ProgramDifference[] | undefined;
}

/** A file of the program of the IdP that is not as in the image. */
export interface ProgramDifference {
  readonly path: string;
  readonly how: 'changed' | 'added' | 'missing';
}
