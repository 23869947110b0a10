/** The registry of an API server that has no database: it is on a registry server. */
import type {MetadefRegistry} from '../metadefs.js'
import type {
  DeletionDecision,
  HeldTask,
  ImageChanges,
  ImageRecord,
  MemberRecord,
  NewTask,
  Registry,
} from '../registry.js'
import {RegistryUnavailable} from '../unavailable.js'
import type {RegistryConnection} from './connection.js'
import {DeletionStream} from './deletion-stream.js'
import {
  DECIDING_PROCEDURES,
  type DecidingMethod,
  METADEF_PROCEDURES,
  type PlainMethod,
  PROCEDURES,
  type Sight,
} from './procedures.js'
import {Turns} from './turns.js'

/** Others changed the image each time: it never happened in tests with 40 at the same time. */
const MAX_TRIES = 100

type AnyDecide = (
  image: ImageRecord,
  members: readonly MemberRecord[],
) => ImageChanges | DeletionDecision | undefined

/** A registry on a registry server. Methods reject with `RegistryUnavailable` while it is away. */
export function createRemoteRegistry(connection: RegistryConnection): Registry {
  const deletions = new DeletionStream(connection)
  return {
    ...createPlainMethods<Pick<Registry, PlainMethod>>(connection, PROCEDURES),
    metadefs: createPlainMethods<MetadefRegistry>(connection, METADEF_PROCEDURES, 'metadefs.'),
    ...createDecidingMethods(connection),
    async listStoredData(ids) {
      return new Map((await connection.call('listStoredData', [ids])) as [string, readonly string[]][])
    },
    isShared: true,
    watchDeletions: hear => deletions.open(hear),
    async close() {
      deletions.close()
      await connection.close()
    },
  }
}

function createPlainMethods<Methods>(
  connection: RegistryConnection,
  procedures: {readonly [Name in keyof Methods]: unknown},
  prefix = '',
): Methods {
  const toMethod =
    (name: string) =>
    (...args: unknown[]) =>
      connection.call(prefix + name, args)
  return Object.fromEntries(Object.keys(procedures).map(name => [name, toMethod(name)])) as Methods
}

/** Decisions about the same image wait for each other in this process, instead of being outdated. */
function createDecidingMethods(connection: RegistryConnection): Pick<Registry, DecidingMethod> {
  const turns = new Turns()
  const names = Object.keys(DECIDING_PROCEDURES) as DecidingMethod[]
  const methods = names.map(name => {
    const count = DECIDING_PROCEDURES[name].args.length
    const method = (...given: unknown[]) => {
      const [args, decide] = [toArguments(name, given.slice(0, count)), given[count] as AnyDecide | undefined]
      if (decide === undefined) return connection.call(name, args)
      return turns.take(findId(args), () => decideUntilDone(connection, name, args, decide))
    }
    return [name, method]
  })
  return Object.fromEntries(methods)
}

/** Callers may pass a whole task for the facts that hold it. */
function toArguments(method: DecidingMethod, args: readonly unknown[]): readonly unknown[] {
  if (method !== 'updateTask') return args
  const {id, holder} = args[0] as HeldTask
  return [{id, holder}, ...args.slice(1)]
}

/** The id of the image, or of a task that exists. */
function findId([first]: readonly unknown[]): string {
  if (typeof first === 'string') return first
  const {id, imageId = id} = first as Partial<NewTask> & Pick<NewTask, 'id'>
  return imageId
}

/** Decides by what it sees, and again when that has changed meanwhile. An error of the decision prevents the change. */
async function decideUntilDone(
  connection: RegistryConnection,
  method: DecidingMethod,
  args: readonly unknown[],
  decide: AnyDecide,
): Promise<unknown> {
  const {about, needsChanges, absent} = DECIDING_PROCEDURES[method]
  const look =
    about === 'task'
      ? connection.call('lookAtTask', [args[0]])
      : connection.call('look', [findId(args), about === 'members'])
  let sight = (await look) as Sight | undefined
  for (let tries = 1; sight !== undefined && tries <= MAX_TRIES; tries++) {
    const {image, members = [], revision} = sight
    const changes = image && decide(image, members)
    if (changes === undefined && needsChanges) return undefined
    const answer = await connection.post(method, {args, decision: {revision, changes}})
    if (answer.sight === undefined) return answer.result
    sight = answer.sight
  }
  if (sight === undefined) return absent
  throw new RegistryUnavailable('others change the same image all the time', undefined)
}
