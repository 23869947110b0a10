/** The registry in an SQL database. */
import {type RawBuilder, sql} from 'kysely'
import {type Clock, monotonicClock} from '../clock.js'
import type {
  Decide,
  DecideDeletion,
  Deletion,
  ImageQuery,
  ImageRecord,
  MemberRecord,
  NewImage,
  ProcessRecord,
  Registry,
} from '../registry.js'
import {
  changeImage,
  changeMembers,
  type DeletionTimes,
  deleteImage,
  type MemberDecision,
  restoreImage,
  scrubImages,
} from './changes.js'
import {insertImage, replaceTags, upsertProperties} from './images.js'
import {listImages} from './lists/image-pages.js'
import {type JsonFunctions, readImages, SQLITE_JSON} from './lists/read-images.js'
import {
  deleteMember,
  findMember,
  hasImage,
  insertMember,
  listMembers,
  listShares,
  replaceMembers,
  setMemberStatus,
  upsertMember,
} from './members.js'
import {KyselyMetadefs} from './metadefs/kysely-metadefs.js'
import {countEvents, dropEvents, insertEvents, takeEvents} from './outbox/events.js'
import {
  claimSweep,
  countBacklog,
  countWaitingJobs,
  deleteProcess,
  deleteProcesses,
  findOldestJob,
  findWithOtherFolders,
  listAbandonedUploads,
  recordHeartbeat,
  setSweeping,
  takeCopy,
  takeTask,
} from './processes.js'
import {toImageRecord, toImageRow} from './rows.js'
import type {Database, Trx} from './tables.js'
import {deleteFinishedTasks, findTask, insertTask, listTasks, updateTask} from './tasks.js'
import {deleteUnusedData, listStoredData, listUnusedData} from './unused-data.js'
import {readUsage} from './usage.js'

/** Implements the contract of `Registry` on a database that Kysely supports. */
export class KyselyRegistry implements Registry {
  readonly #db: Database
  readonly #now: Clock
  readonly metadefs: KyselyMetadefs
  readonly isShared: boolean = false

  /** @param db a database whose schema is up to date; `close` closes it */
  constructor(db: Database, now: Clock = monotonicClock()) {
    this.#db = db
    this.#now = now
    this.metadefs = new KyselyMetadefs(db, now, work => this.#inTransaction(work))
  }

  /** The clock of the database. */
  protected get seconds(): RawBuilder<number> {
    return sql`unixepoch('subsec')`
  }

  protected get json(): JsonFunctions {
    return SQLITE_JSON
  }

  create({events = [], ...image}: NewImage): Promise<ImageRecord | undefined> {
    return this.#inTransaction(async trx => {
      const now = this.#now()
      const row = toImageRow(image, now)
      if (!(await insertImage(trx, row))) return undefined
      await upsertProperties(trx, image.id, image.properties ?? {})
      const tags = await replaceTags(trx, image.id, image.tags ?? [])
      const created = toImageRecord(row, image.properties ?? {}, tags)
      await insertEvents(trx, events, {image: created}, now)
      return created
    })
  }

  /** One statement, because each request that names an image begins with it. */
  async find(id: string): Promise<ImageRecord | undefined> {
    const [found] = await readImages(this.#db, this.json, this.#db.selectFrom('images').where('id', '=', id))
    return found?.image
  }

  change(id: string, decide: Decide): Promise<ImageRecord | undefined> {
    return this.#inTransaction(trx => changeImage(trx, id, decide, this.#now()))
  }

  delete(id: string, decide: DecideDeletion = () => ({})): Promise<Deletion | undefined> {
    return this.#inTransaction(async trx => {
      const deletion = await deleteImage(trx, id, decide, this.#times())
      if (deletion && deletion.image.arriving !== null) await this.announceDeletion(trx, id)
      return deletion
    })
  }

  scrub(age: number, limit: number) {
    return this.#inTransaction(trx => scrubImages(trx, age, limit, this.#times()))
  }

  readonly restore = (id: string) => this.#inTransaction(trx => restoreImage(trx, id, this.#now()))
  readonly list = (query: ImageQuery) => this.#inSnapshot(trx => listImages(trx, query, this.json))
  readonly listUnusedData = (limit: number, after = '') => listUnusedData(this.#db, limit, after)
  readonly forgetUnusedData = (locations: readonly string[]) => deleteUnusedData(this.#db, locations)
  readonly listStoredData = (ids: readonly string[]) => listStoredData(this.#db, ids)

  listMembers(imageId: string): Promise<readonly MemberRecord[] | undefined> {
    return this.#inSnapshot(async trx => {
      const members = await listMembers(trx, imageId)
      return members.length > 0 || (await hasImage(trx, imageId)) ? members : undefined
    })
  }

  readonly listShares: Registry['listShares'] = (memberId, query) => listShares(this.#db, memberId, query)

  readonly putMember: Registry['putMember'] = (imageId, memberId, canShare, decide) => {
    const put = (trx: Trx) => upsertMember(trx, imageId, {memberId, canShare}, this.#now())
    return this.#changeMembers(imageId, {notFound: false, decide}, put)
  }

  readonly replaceMembers: Registry['replaceMembers'] = (imageId, members, decide) => {
    const replace = (trx: Trx) => replaceMembers(trx, imageId, members, this.#now())
    return this.#changeMembers(imageId, {notFound: false, decide}, replace)
  }

  readonly deleteMember: Registry['deleteMember'] = (imageId, memberId, decide) =>
    this.#changeMembers(imageId, {notFound: false, decide}, trx => deleteMember(trx, imageId, memberId))

  readonly addMember: Registry['addMember'] = (imageId, memberId, decide) =>
    this.#changeMembers(imageId, {notFound: undefined, decide}, async trx => {
      const added = await insertMember(trx, imageId, memberId, this.#now())
      return added ? findMember(trx, imageId, memberId) : 'known'
    })

  readonly setMemberStatus: Registry['setMemberStatus'] = (imageId, memberId, status, events) => {
    const decide = events && (() => ({events}))
    return this.#changeMembers(imageId, {notFound: undefined, decide}, async trx => {
      await setMemberStatus(trx, imageId, {memberId, status}, this.#now())
      return findMember(trx, imageId, memberId)
    })
  }

  watchDeletions(_hear: (id: string) => void): void {}

  readonly recordHeartbeat = (process: ProcessRecord) => recordHeartbeat(this.#db, process, this.seconds)
  readonly findWithOtherFolders = (process: ProcessRecord, silence: number) =>
    findWithOtherFolders(this.#db, process, silence, this.seconds)
  readonly forgetProcess = (id: string) => deleteProcess(this.#db, id)
  readonly forgetProcesses = (silence: number) => deleteProcesses(this.#db, silence, this.seconds)
  readonly listAbandonedUploads = () => this.#inSnapshot(listAbandonedUploads)
  readonly findOldestJob: Registry['findOldestJob'] = (holder, query) =>
    findOldestJob(this.#db, holder, query)
  readonly takeTask: Registry['takeTask'] = (holder, query) =>
    this.#inTransaction(trx => takeTask(trx, holder, query))
  readonly takeCopy: Registry['takeCopy'] = (holder, query) =>
    this.#inTransaction(trx => takeCopy(trx, holder, query))
  readonly countWaitingJobs = (owner: string | null) => countWaitingJobs(this.#db, owner)
  readonly countBacklog = () => countBacklog(this.#db)
  readonly claimSweep = (holder: string) => this.#inTransaction(trx => claimSweep(trx, holder))
  readonly releaseSweep = (holder: string) => setSweeping(this.#db, holder, 0)
  readonly addEvents: Registry['addEvents'] = events => insertEvents(this.#db, events, {}, this.#now())
  readonly takeEvents: Registry['takeEvents'] = take => this.#inTransaction(trx => takeEvents(trx, take))
  readonly dropEvents = (keep: number) => dropEvents(this.#db, keep)
  readonly countEvents = () => countEvents(this.#db)
  readonly readUsage = (owner: string) => readUsage(this.#db, owner)

  readonly createTask: Registry['createTask'] = (task, decide) =>
    this.#inTransaction(async trx => {
      const changed = await changeImage(trx, task.imageId, decide, this.#now())
      return changed && insertTask(trx, task, this.#now())
    })

  readonly updateTask: Registry['updateTask'] = (held, changes, decide) =>
    this.#inTransaction(async trx => {
      const task = await updateTask(trx, held, changes, this.#now())
      if (task && decide) await changeImage(trx, task.imageId, decide, this.#now())
      return task
    })

  readonly findTask = (id: string) => findTask(this.#db, id)
  readonly deleteFinishedTasks = (before: string) => deleteFinishedTasks(this.#db, before)
  readonly listTasks: Registry['listTasks'] = query => this.#inSnapshot(trx => listTasks(trx, query))

  async close(): Promise<void> {
    await this.#db.destroy()
  }

  readonly #times = (): DeletionTimes => ({now: this.#now(), seconds: this.seconds})

  /** Tells those that watch deletions, if the engine can. */
  protected async announceDeletion(_trx: Trx, _id: string): Promise<void> {}

  /** Runs a transaction; engines whose transactions may collide run it again. */
  protected run<T>(transaction: () => Promise<T>): Promise<T> {
    return transaction()
  }

  /** Queries that see the same state. */
  #inSnapshot<T>(work: (trx: Trx) => Promise<T>): Promise<T> {
    const snapshot = this.#db.transaction().setIsolationLevel('repeatable read').setAccessMode('read only')
    return this.run(() => snapshot.execute(work))
  }

  #inTransaction<T>(work: (trx: Trx) => Promise<T>): Promise<T> {
    return this.run(() => this.#db.transaction().execute(work))
  }

  #changeMembers<T, M>(
    id: string,
    decision: MemberDecision<M>,
    work: (trx: Trx) => Promise<T>,
  ): Promise<T | M> {
    return this.#inTransaction(trx => changeMembers(trx, id, {...decision, work}, this.#now))
  }
}
