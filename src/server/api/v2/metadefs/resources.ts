/** What the kinds of metadata definitions have of their own in API v2. */
import type {FastifyReply, FastifyRequest} from 'fastify'
import type {Authenticate} from '../../../auth/authenticate.js'
import {badRequest} from '../../../http/http-error.js'
import type {JsonObject} from '../../../http/json-body.js'
import {MetadefError} from '../../../metadefs/errors.js'
import type {Metadefs} from '../../../metadefs/metadefs.js'
import type {DefinitionRecord} from '../../../registry/metadefs.js'
import {parseLimit, parseParams} from '../query/page.js'
import {DefinitionHandlers, type DefinitionRequest, type DefinitionResource} from './definitions.js'
import type {NamespaceRequest} from './namespaces.js'
import {parseTag, readTags} from './parse.js'
import {parseTagQuery, type TagQuery} from './query.js'
import {
  associationView,
  changedObjectView,
  objectView,
  propertiesView,
  propertyView,
  tagView,
} from './views.js'

/** The list has all objects, whatever the limit, as that of the real service; but the limit must be valid. */
export const OBJECTS: DefinitionResource = {
  kind: 'object',
  view: object => objectView(object),
  changedView: changedObjectView,
  listView: objects => ({
    objects: objects.map(object => objectView(object)),
    schema: 'v2/schemas/metadefs/objects',
  }),
  checkQuery: ({url}: FastifyRequest) => {
    const limit = parseParams(url).get('limit')
    if (limit && parseLimit(limit) === 0) throw badRequest('limit param must be positive')
  },
}

export const ASSOCIATIONS: DefinitionResource = {
  kind: 'resource_type',
  view: associationView,
  listView: associations => ({resource_type_associations: associations.map(associationView)}),
}

const PROPERTIES: DefinitionResource = {
  kind: 'property',
  view: propertyView,
  listView: properties => ({properties: propertiesView(properties)}),
}

/** Handlers of properties, whose names may have the prefix of a type of resources. */
export class PropertyHandlers extends DefinitionHandlers {
  constructor(metadefs: Metadefs, authenticate: Authenticate) {
    super(metadefs, authenticate, PROPERTIES)
  }

  /** A property by its name, or by its name with the prefix of the `resource_type` that the query names. */
  override readonly get = async (request: DefinitionRequest): Promise<JsonObject> => {
    const caller = this.authenticate(request)
    const {namespace, name} = request.params
    const type = parseParams(request.url).get('resource_type')
    const prefix = type ? await this.metadefs.findPrefix(caller, namespace, type) : ''
    if (prefix === null || (type && prefix === '') || !name.startsWith(prefix)) {
      throw new MetadefError('without-prefix', {name, prefix})
    }
    const bare = name.slice(prefix.length)
    return propertyView(await this.metadefs.findDefinition(caller, this.group(request), bare))
  }
}

const TAGS: DefinitionResource = {
  kind: 'tag',
  view: tagView,
  listView: tags => ({tags: tags.map(({name}) => ({name}))}),
}

/** Handlers of tags, which are created by their path, and listed in parts. */
export class TagHandlers extends DefinitionHandlers {
  constructor(metadefs: Metadefs, authenticate: Authenticate) {
    super(metadefs, authenticate, TAGS)
  }

  override readonly index = async (request: NamespaceRequest): Promise<JsonObject> => {
    const caller = this.authenticate(request)
    const query = parseTagQuery(parseParams(request.url))
    const tags = await this.metadefs.listDefinitions(caller, this.group(request))
    return TAGS.listView(selectTags(tags, query))
  }

  readonly postOne = async (request: DefinitionRequest, reply: FastifyReply): Promise<JsonObject> => {
    const caller = this.authenticate(request)
    const {namespace, name} = request.params
    const added = await this.metadefs.addDefinition(caller, namespace, parseTag(name))
    reply.code(201)
    return tagView(added)
  }

  /** Replaces all tags, or adds to them. */
  override readonly post = async (request: NamespaceRequest, reply: FastifyReply): Promise<JsonObject> => {
    const caller = this.authenticate(request)
    const tags = await readTags(request.raw)
    const appends = /^(1|t|true|on|y|yes)$/i.test(String(request.headers['x-openstack-append']))
    await this.metadefs.addTags(caller, request.params.namespace, tags, !appends)
    reply.code(201)
    return {tags: tags.map(({name}) => ({name}))}
  }
}

/** @throws MetadefError `definition-not-found` for an unknown marker */
function selectTags(
  tags: readonly DefinitionRecord[],
  {sortKey, sortDir, limit, marker}: TagQuery,
): readonly DefinitionRecord[] {
  const read = (tag: DefinitionRecord) =>
    ({name: tag.name, created_at: tag.createdAt, updated_at: tag.updatedAt ?? ''})[sortKey]
  // Tags come in the order of their creation, which remains that of equal ones.
  const ascending = tags.toSorted((one, other) =>
    Buffer.compare(Buffer.from(read(one)), Buffer.from(read(other))),
  )
  const sorted = sortDir === 'asc' ? ascending : ascending.toReversed()
  const at = marker === undefined ? 0 : sorted.findIndex(({name}) => name === marker) + 1
  if (marker !== undefined && at === 0)
    throw new MetadefError('definition-not-found', {kind: 'tag', name: marker})
  return sorted.slice(at, limit === undefined ? undefined : at + limit)
}
