/** Parses the bodies of requests that change metadata definitions. */
import type {IncomingMessage} from 'node:http'
import {badRequest, HttpError} from '../../../http/http-error.js'
import type {JsonObject} from '../../../http/json-body.js'
import {MEMBERS, toDefinition, toDefinitions, toNamespace} from '../../../metadefs/document.js'
import type {Definition, MetadefKind, NewNamespace} from '../../../registry/metadefs.js'
import {requireBody} from '../codec/body.js'
import {validateMetadef} from '../schemas/validate-metadef.js'

const TIMES = ['created_at', 'updated_at']
const WITH_LINKS = ['self', 'schema', ...TIMES]

/** Attributes that callers cannot set. */
const READ_ONLY: Readonly<Record<MetadefKind, readonly string[]>> = {
  object: WITH_LINKS,
  property: TIMES,
  tag: TIMES,
  resource_type: TIMES,
}

/** A namespace with its definitions, and the document, which the response repeats. */
export interface ParsedNamespace {
  readonly namespace: NewNamespace
  readonly definitions: readonly Definition[]
  readonly document: JsonObject
}

/**
 * @param owner of a namespace that names none
 * @throws HttpError 400 for a document that violates the schema, 403 for attributes that callers cannot set
 */
export async function readNamespace(
  request: IncomingMessage,
  owner: string | null,
): Promise<ParsedNamespace> {
  const document = await readDocument(request, WITH_LINKS)
  validateMetadef('namespace', document)
  for (const kind of ['object', 'tag', 'resource_type'] as const) {
    for (const one of (document[MEMBERS[kind]] ?? []) as JsonObject[]) validateMetadef(kind, one)
  }
  const definitions = toDefinitions(document)
  for (const {kind, name, body} of definitions) {
    if (kind === 'property') validateMetadef('nested property', {name, ...body})
    if (kind === 'object') validateProperties(body, 'nested property')
  }
  return {namespace: toNamespace(document, owner), definitions, document}
}

/** A definition. @throws HttpError as `readNamespace` */
export async function readDefinition(request: IncomingMessage, kind: MetadefKind): Promise<Definition> {
  const document = await readDocument(request, READ_ONLY[kind])
  validateMetadef(kind, document)
  if (kind === 'object') validateProperties(document, 'property')
  return toDefinition(kind, document)
}

/** A tag that is named by the path. @throws HttpError 400 for a name that is too long */
export function parseTag(name: string): Definition {
  validateMetadef('tag', {name})
  return {kind: 'tag', name, body: {}}
}

/** Tags in a list. @throws HttpError as `readNamespace` */
export async function readTags(request: IncomingMessage): Promise<readonly Definition[]> {
  const document = await readDocument(request, TIMES)
  validateMetadef('tags', document)
  return (document['tags'] as {readonly name: string}[]).map(({name}) => parseTag(name))
}

function validateProperties({properties = {}}: JsonObject, schema: 'property' | 'nested property'): void {
  for (const [name, part] of Object.entries(properties as JsonObject)) {
    validateMetadef(schema, {name, ...(part as JsonObject)})
  }
}

async function readDocument(request: IncomingMessage, readOnly: readonly string[]): Promise<JsonObject> {
  const body = await requireBody(request)
  if (Array.isArray(body)) throw badRequest('The body must be a JSON object.')
  const name = readOnly.find(one => Object.hasOwn(body, one))
  if (name !== undefined) throw new HttpError(403, {explanation: `Attribute '${name}' is read-only.`})
  return body as JsonObject
}
