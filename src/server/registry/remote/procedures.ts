/** PROCEDURES: every method of a registry that API servers call over HTTP, with the checks of its arguments. */
import type {MetadefRegistry} from '../metadefs.js'
import type {DeletionDecision, ImageChanges, ImageRecord, MemberRecord, Registry} from '../registry.js'
import {isCount, isFlag, isListOf, isNullOr, isNumber, isOptional, isText, type ValueCheck} from './checks.js'
import {
  isDefinition,
  isDefinitionQuery,
  isDeletionDecision,
  isEvents,
  isEventTake,
  isHeldTask,
  isImageChanges,
  isImageQuery,
  isJobQuery,
  isLoadMode,
  isMemberStatus,
  isMembership,
  isMetadefKind,
  isNamespaceQuery,
  isNewImage,
  isNewNamespace,
  isNewTask,
  isProcess,
  isSharesQuery,
  isTaskChanges,
  isTaskQuery,
} from './record-checks.js'

/** Changes whenever an API server and a registry server of different releases would not understand each other. */
export const PROTOCOL = 1

/** Methods whose last parameter decides about a record, which a function cannot do over HTTP. */
export type DecidingMethod =
  | 'change'
  | 'delete'
  | 'addMember'
  | 'putMember'
  | 'replaceMembers'
  | 'deleteMember'
  | 'createTask'
  | 'updateTask'

/** Methods that are called as they are. */
export type PlainMethod = Exclude<
  keyof Registry,
  DecidingMethod | 'metadefs' | 'isShared' | 'watchDeletions' | 'close'
>

/** The checks of the arguments, in their order. */
export const PROCEDURES: Readonly<Record<PlainMethod, readonly ValueCheck[]>> = {
  create: [isNewImage],
  find: [isText],
  scrub: [isNumber, isCount],
  restore: [isText],
  list: [isImageQuery],
  listUnusedData: [isCount, isOptional(isText)],
  forgetUnusedData: [isListOf(isText)],
  listStoredData: [isListOf(isText)],
  listMembers: [isText],
  listShares: [isText, isSharesQuery],
  setMemberStatus: [isText, isText, isMemberStatus, isOptional(isEvents)],
  findTask: [isText],
  deleteFinishedTasks: [isText],
  listTasks: [isTaskQuery],
  readUsage: [isText],
  countBacklog: [],
  recordHeartbeat: [isProcess],
  findWithOtherFolders: [isProcess, isNumber],
  forgetProcess: [isText],
  forgetProcesses: [isNumber],
  listAbandonedUploads: [],
  findOldestJob: [isText, isJobQuery],
  takeTask: [isText, isJobQuery],
  takeCopy: [isText, isJobQuery],
  countWaitingJobs: [isNullOr(isText)],
  claimSweep: [isText],
  releaseSweep: [isText],
  addEvents: [isEvents],
  takeEvents: [isEventTake],
  dropEvents: [isCount],
  countEvents: [],
}

const isDefinitions = isListOf(isDefinition)

/** The same for the methods of `metadefs`, in whose names it is the prefix. */
export const METADEF_PROCEDURES: Readonly<Record<keyof MetadefRegistry, readonly ValueCheck[]>> = {
  createNamespace: [isNewNamespace, isOptional(isDefinitions)],
  findNamespace: [isText],
  listNamespaces: [isNamespaceQuery],
  updateNamespace: [isText, isNewNamespace],
  deleteNamespace: [isText],
  listDefinitions: [isListOf(isText), isOptional(isDefinitionQuery)],
  addDefinitions: [isText, isDefinitions, isOptional(isMetadefKind)],
  updateDefinition: [isText, isText, isDefinition],
  deleteDefinitions: [isText, isMetadefKind, isOptional(isText)],
  listResourceTypes: [],
  loadNamespace: [isNewNamespace, isDefinitions, isLoadMode],
  clear: [],
}

/** A method that decides, called by what an API server has decided. */
export interface DecidingProcedure {
  /** The checks of the arguments before the decision. The first one tells the image, or the task. */
  readonly args: readonly ValueCheck[]
  /** The check of the decision. */
  readonly decided: ValueCheck
  /** What is decided about. */
  readonly about: 'image' | 'members' | 'task'
  /** Without changes by the decision, nothing else changes either. */
  readonly needsChanges?: true
  /** Result when there is nothing to change. */
  readonly absent?: false
}

const isChanges = isOptional(isImageChanges)
const members = {decided: isChanges, about: 'members'} as const

export const DECIDING_PROCEDURES: Readonly<Record<DecidingMethod, DecidingProcedure>> = {
  change: {args: [isText], decided: isChanges, about: 'image', needsChanges: true},
  delete: {args: [isText], decided: isDeletionDecision, about: 'image'},
  addMember: {...members, args: [isText, isText]},
  putMember: {...members, args: [isText, isText, isOptional(isFlag)], absent: false},
  replaceMembers: {...members, args: [isText, isListOf(isMembership)], absent: false},
  deleteMember: {...members, args: [isText, isText], absent: false},
  createTask: {args: [isNewTask], decided: isChanges, about: 'image', needsChanges: true},
  updateTask: {args: [isHeldTask, isTaskChanges], decided: isChanges, about: 'task'},
}

/** What an API server decides by. */
export interface Sight {
  /** Absent: there is none, or it is deleted. */
  readonly image?: ImageRecord
  /** Absent unless the decision is about members. */
  readonly members?: readonly MemberRecord[]
  /** Differs whenever the image or the members do. */
  readonly revision: string
}

/** What an API server decided, and by which state of the image: any other state prevents the change. */
export interface Decision {
  readonly revision: string
  /** Absent: none. */
  readonly changes?: ImageChanges | DeletionDecision | undefined
}

/** The body of a request. */
export interface ProcedureCall {
  readonly args: readonly unknown[]
  /** Absent: the method is called without a decision. */
  readonly decision?: Decision | undefined
}

/** The body of a response. Absent: undefined. */
export interface ProcedureResult {
  readonly result?: unknown
  /** In place of a result: the state that was found in place of that by which the decision was made. */
  readonly sight?: Sight
}
