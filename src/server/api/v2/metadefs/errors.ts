/** The responses of API v2 to errors of metadata definitions, in the texts of the real service. */
import type {FastifyReply, FastifyRequest} from 'fastify'
import {HttpError} from '../../../http/http-error.js'
import {MetadefError, type MetadefErrorCode, type MetadefErrorFacts} from '../../../metadefs/errors.js'
import type {MetadefKind} from '../../../registry/metadefs.js'

type Row<Facts> = readonly [status: number, explanation: (facts: Facts) => string]

const TABLE: {readonly [C in MetadefErrorCode]: Row<MetadefErrorFacts[C]>} = {
  'namespace-not-found': [404, ({namespace}) => `Namespace ${namespace} not found`],
  'duplicate-namespace': [
    409,
    ({namespace}) => `The metadata definition namespace=${namespace} already exists.`,
  ],
  'namespace-in-use': [
    409,
    ({namespace}) =>
      'Invalid update. It would result in a duplicate metadata definition namespace with the same name of ' +
      namespace,
  ],
  'protected-namespace': [
    403,
    ({namespace}) => `Metadata definition namespace ${namespace} is protected and cannot be deleted.`,
  ],
  'definition-not-found': [404, ({kind, name}) => NOT_FOUND[kind](name)],
  'duplicate-definition': [409, ({kind, name, namespace}) => describeDuplicate(kind, name, namespace)],
  'definition-in-use': [
    409,
    ({kind, name, newName, namespace}) =>
      kind === 'tag'
        ? describeDuplicate(kind, newName, namespace)
        : `Invalid update. It would result in a duplicate metadata definition ${kind} with the same ` +
          `name=${name} in namespace=${namespace}.`,
  ],
  'protected-definition': [
    403,
    ({kind, name}) => {
      const shown = kind === 'resource_type' ? 'resource-type-association' : kind
      return `Metadata definition ${shown} ${name} is protected and cannot be deleted.`
    },
  ],
  'unknown-resource-type': [
    404,
    ({name}) => `The metadata definition resource-type with name=${name}, was not found.`,
  ],
  'not-associated': [
    404,
    ({name, namespace}) =>
      `The metadata definition resource-type association of resource-type=${name} to namespace=${namespace}, ` +
      'was not found.',
  ],
  'without-prefix': [
    404,
    ({name, prefix}) =>
      `Property ${name} does not start with the expected resource type association prefix of ` +
      `'${prefix ?? 'None'}'.`,
  ],
  'too-many-definitions': [
    413,
    ({kind, maximum}) => `A namespace has at most ${maximum} definitions of the kind ${kind}.`,
  ],
}

const NOT_FOUND: Readonly<Record<MetadefKind, (name: string) => string>> = {
  object: name => `Could not find metadata object ${name}`,
  property: name => `Could not find property ${name}`,
  tag: name => `Could not find metadata tag ${name}`,
  resource_type: name => `Failed to find resource type ${name} to delete`,
}

function describeDuplicate(kind: MetadefKind, name: string, namespace: string): string {
  if (kind === 'resource_type') {
    return `The metadata definition resource-type association of resource-type=${name} to namespace=${namespace} already exists.`
  }
  const where = `with name=${name} already exists in namespace=${namespace}.`
  if (kind !== 'tag') return `A metadata definition ${kind} ${where}`
  return `A metadata tag ${where} (Please note that metadata tag names are case insensitive).`
}

type MetadefHandler = (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>

/**
 * Converts errors of a handler to responses.
 * @param isLong the text for a namespace that does not exist is that of the database of the real service
 */
export function withMetadefErrors(handler: unknown, isLong: boolean): MetadefHandler {
  return async (request, reply) => {
    try {
      return await (handler as MetadefHandler)(request, reply)
    } catch (error) {
      throw error instanceof MetadefError ? toHttpError(error, isLong) : error
    }
  }
}

function toHttpError<C extends MetadefErrorCode>({code, facts}: MetadefError<C>, isLong: boolean): HttpError {
  const [status, explain] = TABLE[code]
  if (code === 'namespace-not-found' && isLong) {
    const {namespace} = facts as MetadefErrorFacts['namespace-not-found']
    return new HttpError(status, {explanation: `Metadata definition namespace=${namespace} was not found.`})
  }
  return new HttpError(status, {explanation: explain(facts)})
}
