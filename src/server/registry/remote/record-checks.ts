/** Checks of the records and queries that API servers send to a registry server. */
import {COLUMN_LIST, COLUMNS, columnsWith, type NamedColumn} from '../columns.js'
import {SORT_KEYS} from '../image-query.js'
import {METADEF_KINDS, NAMESPACE_SORT_KEYS} from '../metadefs.js'
import {TASK_STATUSES} from '../task-record.js'
import {
  isCount,
  isFlag,
  isListOf,
  isMapOf,
  isNullOr,
  isNumber,
  isOneOf,
  isOptional,
  isPartOf,
  isRecordOf,
  isText,
  optionalMembers,
  type ValueCheck,
} from './checks.js'

const KINDS = {text: isText, count: isCount, boolean: isFlag, time: isText}

/** What the registry sets itself. */
const OWN = new Set(['id', 'createdAt', 'updatedAt', 'deletedAt', 'deleted'])

const isStatus = isOneOf(...COLUMNS.status.schema.enum)
const isVisibility = isOneOf(...COLUMNS.visibility.schema.enum)

/** Attributes whose texts are not arbitrary. */
const WORDS: Readonly<Record<string, ValueCheck>> = {
  status: isStatus,
  visibility: isVisibility,
  onFailure: isOneOf('killed', 'queued'),
}

function checkColumn({attribute, kind, initial}: NamedColumn): [string, ValueCheck] {
  const check = WORDS[attribute] ?? KINDS[kind]
  return [attribute, initial === null ? isNullOr(check) : check]
}

const attributes: Readonly<Record<string, ValueCheck>> = {
  ...Object.fromEntries(COLUMN_LIST.filter(({attribute}) => !OWN.has(attribute)).map(checkColumn)),
  locations: isListOf(isRecordOf({url: isText, metadata: isMapOf(() => true)})),
  properties: isMapOf(isNullOr(isText)),
  tags: isListOf(isText),
}

export const isEvents = isListOf(
  isRecordOf({
    id: isText,
    type: isText,
    priority: isOneOf('INFO', 'WARN', 'ERROR'),
    publisher: isText,
    member: isOptional(isText),
    payload: value => isText(value) || isMapOf(() => true)(value),
  }),
)

const changeable = {...attributes, events: isEvents, failure: isText}

export const isImageChanges = isPartOf(changeable)
export const isNewImage = isRecordOf({...optionalMembers(changeable), id: isText})
export const isDeletionDecision = isPartOf({status: isOneOf('pending_delete'), events: isEvents})

const isDirection = isOneOf('asc', 'desc')
const isSortKey = isOneOf(...SORT_KEYS)

export const isImageQuery: ValueCheck = isRecordOf({
  ...optionalMembers(Object.fromEntries(COLUMN_LIST.map(({attribute, kind}) => [attribute, KINDS[kind]]))),
  ...optionalMembers({
    sizeMin: isCount,
    sizeMax: isCount,
    changesSince: isText,
    properties: isMapOf(isText),
    oneOf: isPartOf(Object.fromEntries(columnsWith({filter: 'list'}).map(name => [name, isListOf(isText)]))),
    ranges: isListOf(
      isRecordOf({
        ...optionalMembers({min: isCount, max: isCount}),
        column: isOneOf(...columnsWith({kind: 'count'})),
      }),
    ),
    times: isListOf(
      isRecordOf({
        column: isOneOf(...columnsWith({kind: 'time'})),
        comparison: isOneOf('before', 'until', 'at', 'not at', 'since', 'after'),
        time: isText,
      }),
    ),
    communityOf: isNullOr(isText),
    viewer: isRecordOf({
      project: isNullOr(isText),
      memberStatus: isOneOf('pending', 'accepted', 'rejected', 'all'),
    }),
    tags: isListOf(isText),
    thenBy: isListOf(isRecordOf({key: isSortKey, dir: isDirection})),
    maxBytes: isCount,
    marker: isText,
  }),
  sortKey: isSortKey,
  sortDir: isDirection,
  limit: isCount,
})

export const isMemberStatus = isOneOf('pending', 'accepted', 'rejected')
export const isMembership = isRecordOf({memberId: isText, canShare: isOptional(isFlag)})
export const isSharesQuery = isRecordOf({
  ...optionalMembers({ownedBy: isText, after: isText}),
  limit: isCount,
})

const isTaskStatus = isOneOf(...TASK_STATUSES)

export const isNewTask = isRecordOf({
  id: isText,
  imageId: isText,
  type: isText,
  owner: isNullOr(isText),
  userId: isNullOr(isText),
  requestId: isText,
  input: isText,
})
export const isTaskChanges = isPartOf({
  status: isTaskStatus,
  message: isText,
  holder: isNullOr(isText),
  attempts: isCount,
})
export const isHeldTask = isRecordOf({id: isText, holder: isNullOr(isText)})
export const isTaskQuery = isRecordOf({
  ...optionalMembers({
    id: isText,
    imageId: isText,
    status: isText,
    type: isText,
    owner: isText,
    sortKey: isOneOf('created_at', 'updated_at', 'status', 'type', 'id'),
    sortDir: isDirection,
    marker: isText,
  }),
  limit: isCount,
})

export const isProcess = isRecordOf({
  id: isText,
  host: isText,
  pid: isNumber,
  folders: isOptional(isText),
})
export const isJobQuery = isRecordOf({running: isListOf(isText), busy: isListOf(isNullOr(isText))})

export const isMetadefKind = isOneOf(...METADEF_KINDS)
export const isNewNamespace = isRecordOf({
  name: isText,
  displayName: isNullOr(isText),
  description: isNullOr(isText),
  visibility: isOneOf('public', 'private'),
  protected: isFlag,
  owner: isNullOr(isText),
})
export const isNamespaceQuery = isRecordOf({
  ...optionalMembers({
    visibleTo: isNullOr(isText),
    visibility: isOneOf('public', 'private'),
    resourceTypes: isListOf(isText),
    marker: isText,
  }),
  sortKey: isOneOf(...NAMESPACE_SORT_KEYS),
  sortDir: isDirection,
  limit: isCount,
})
export const isDefinition = isRecordOf({kind: isMetadefKind, name: isText, body: isMapOf(() => true)})
export const isDefinitionQuery = isPartOf({kind: isMetadefKind, name: isText})
export const isLoadMode = isOneOf('keep', 'merge', 'prefer-new', 'overwrite')

export const isEventTake = isRecordOf({
  holder: isOptional(isText),
  sent: isListOf(isText),
  limit: isCount,
})
