import type { TokenFacts } from './tokens.ts';
import type { CodeCaseId, RedirectCaseId } from '../cases/providers/idp-cases.ts';
import type { ForgedAnswerId } from '../cases/providers/forged-answers.ts';

/** One answer of the identity provider, as far as it says yes or no. */
export interface IdpAnswer {
  readonly status: number;
  /** `error` of the JSON body, of the page, or of the redirect. */
  readonly error?: string;
  /** Origin and path that the browser would be sent to; what is in the query stays out. */
  readonly redirect?: string;
  readonly meshdevId?: string;
  /** Status that the IdP itself wrote down for this id. */
  readonly recorded?: number;
}

/** Something that was tried with our own client: it came about, or it is said why not. */
export type Attempt<T> =
  | { readonly kind: 'seen'; readonly value: T }
  /** The IdP (or our own client) said no. */
  | { readonly kind: 'refused'; readonly said: string }
  | { readonly kind: 'unseen'; readonly said: string };

/** A login by code and PKCE whose answer, ID token and access token were all verified. */
export interface LoginFacts {
  readonly subject: string;
  /** Of the ID token. */
  readonly issuer: string;
  readonly audience: readonly string[];
  readonly hasNonce: boolean;
  /** What the access token says. */
  readonly access: TokenFacts;
}

export type IdpLogins = Readonly<Record<string, Attempt<LoginFacts>>>;

export interface IdpFlows {
  /** Subject of the token that the device got. */
  readonly device: Attempt<string>;
  readonly machine: Attempt<string>;
  readonly session: Attempt<SessionFacts>;
}

/** One login with a refresh token, until it is logged out. */
export interface SessionFacts {
  /** The refresh brought another refresh token. */
  readonly rotated: boolean;
  /** The first refresh token, shown again. */
  readonly reuse: IdpAnswer;
  /** Another login of the same browser: straight back to the client while signed in, a page after the logout. */
  readonly whileSignedIn: IdpAnswer;
  readonly afterLogout: IdpAnswer;
}

export interface IdpRefusals {
  /** An honest code, exchanged with its verifier: path and client work. */
  readonly honest: IdpAnswer;
  readonly code: readonly IdpCaseAnswer[];
  readonly redirect: readonly IdpCaseAnswer[];
}

export interface IdpCaseAnswer {
  /** Of `CODE_CASES` or `REDIRECT_CASES`. */
  readonly id: CodeCaseId | RedirectCaseId;
  readonly answer: IdpAnswer;
}

/** What our own client made of an answer. */
export type ClientOutcome = 'accepted' | { readonly refused: string };

/** Answers that were forged for our own client, and an honest one beside them. */
export interface ClientAnswers {
  readonly honest: ClientOutcome;
  readonly forged: readonly { readonly id: ForgedAnswerId; readonly outcome: ClientOutcome }[];
}
