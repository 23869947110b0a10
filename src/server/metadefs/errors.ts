/** Errors of metadata definitions: a code with facts, without texts. The API converts them to responses. */
import type {MetadefKind} from '../registry/metadefs.js'

type WithNamespace = {readonly namespace: string}
type WithDefinition = {readonly kind: MetadefKind; readonly name: string}

/** The facts of each error by its code. */
export interface MetadefErrorFacts {
  /** The namespace does not exist, or the caller may not see it. */
  readonly 'namespace-not-found': WithNamespace
  /** The name of a new namespace is in use. */
  readonly 'duplicate-namespace': WithNamespace
  /** The new name of a namespace is in use. */
  readonly 'namespace-in-use': WithNamespace
  readonly 'protected-namespace': WithNamespace
  readonly 'definition-not-found': WithDefinition
  /** The name of a new definition is in use. */
  readonly 'duplicate-definition': WithDefinition & WithNamespace
  /** The new name of a definition is in use. */
  readonly 'definition-in-use': WithDefinition & WithNamespace & {readonly newName: string}
  readonly 'protected-definition': WithDefinition
  readonly 'unknown-resource-type': WithNamespace & {readonly name: string}
  readonly 'not-associated': WithNamespace & {readonly name: string}
  /** A name that does not begin with the prefix of the resource type; null: the type has none. */
  readonly 'without-prefix': {readonly name: string; readonly prefix: string | null}
  /** A namespace has at most this number of definitions of a kind. */
  readonly 'too-many-definitions': {readonly kind: MetadefKind; readonly maximum: number}
}

/** The code of an error. */
export type MetadefErrorCode = keyof MetadefErrorFacts

/** A request for metadata definitions cannot be granted. */
export class MetadefError<C extends MetadefErrorCode = MetadefErrorCode> extends Error {
  override readonly name = 'MetadefError'
  readonly code: C
  /** Values for the text of the response. */
  readonly facts: MetadefErrorFacts[C]

  constructor(code: C, facts: MetadefErrorFacts[C]) {
    super(`${code} ${JSON.stringify(facts)}`)
    this.code = code
    this.facts = facts
  }
}
