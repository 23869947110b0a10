/** The registry in an SQL database. */
import {type RawBuilder, sql} from 'kysely'
import {type Clock, monotonicClock} from '../clock.js'
import type {
  Decide,
  DecideDeletion,
  DecideMembers,
  Deletion,
  HeldTask,
  ImageQuery,
  ImageRecord,
  JobQuery,
  MemberRecord,
  MemberStatus,
  Membership,
  NewImage,
  NewTask,
  ProcessRecord,
  Registry,
  SharesQuery,
  TaskChanges,
  TaskQuery,
  TaskRecord,
} from '../registry.js'
import {changeImage, type DeletionTimes, deleteImage, restoreImage, scrubImages} from './changes.js'
import {listImages} from './image-pages.js'
import {findImage, insertImage, lockImage, replaceTags, upsertProperties} from './images.js'
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
import {
  claimSweep,
  countWaitingJobs,
  deleteProcess,
  deleteProcesses,
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

  create(image: NewImage): Promise<ImageRecord | undefined> {
    return this.#inTransaction(async trx => {
      const row = toImageRow(image, this.#now())
      if (!(await insertImage(trx, row))) return undefined
      await upsertProperties(trx, image.id, image.properties ?? {})
      const tags = await replaceTags(trx, image.id, image.tags ?? [])
      return toImageRecord(row, image.properties ?? {}, tags)
    })
  }

  find(id: string): Promise<ImageRecord | undefined> {
    return this.#inSnapshot(trx => findImage(trx, id))
  }

  change(id: string, decide: Decide): Promise<ImageRecord | undefined> {
    return this.#inTransaction(trx => changeImage(trx, id, decide, this.#now()))
  }

  delete(id: string, decide: DecideDeletion = () => undefined): Promise<Deletion | undefined> {
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
  readonly list = (query: ImageQuery) => this.#inSnapshot(trx => listImages(trx, query))
  readonly listUnusedData = (limit: number, after = '') => listUnusedData(this.#db, limit, after)
  readonly forgetUnusedData = (locations: readonly string[]) => deleteUnusedData(this.#db, locations)
  readonly listStoredData = (ids: readonly string[]) => listStoredData(this.#db, ids)

  listMembers(imageId: string): Promise<readonly MemberRecord[] | undefined> {
    return this.#inSnapshot(async trx => {
      const members = await listMembers(trx, imageId)
      return members.length > 0 || (await hasImage(trx, imageId)) ? members : undefined
    })
  }

  readonly listShares = (memberId: string, query: SharesQuery) => listShares(this.#db, memberId, query)

  putMember(
    imageId: string,
    memberId: string,
    canShare: boolean | undefined,
    decide?: DecideMembers,
  ): Promise<boolean> {
    const put = (trx: Trx) => upsertMember(trx, imageId, {memberId, canShare}, this.#now())
    return this.#changeMembers(imageId, {notFound: false, decide}, put)
  }

  replaceMembers(imageId: string, members: readonly Membership[], decide?: DecideMembers): Promise<boolean> {
    const replace = (trx: Trx) => replaceMembers(trx, imageId, members, this.#now())
    return this.#changeMembers(imageId, {notFound: false, decide}, replace)
  }

  readonly deleteMember = (imageId: string, memberId: string, decide?: DecideMembers): Promise<boolean> =>
    this.#changeMembers(imageId, {notFound: false, decide}, trx => deleteMember(trx, imageId, memberId))

  addMember(
    imageId: string,
    memberId: string,
    decide?: DecideMembers,
  ): Promise<MemberRecord | 'known' | undefined> {
    return this.#changeMembers(imageId, {notFound: undefined, decide}, async trx => {
      const added = await insertMember(trx, imageId, memberId, this.#now())
      return added ? findMember(trx, imageId, memberId) : 'known'
    })
  }

  setMemberStatus(
    imageId: string,
    memberId: string,
    status: MemberStatus,
  ): Promise<MemberRecord | undefined> {
    return this.#changeMembers(imageId, {notFound: undefined}, async trx => {
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
  readonly takeTask = (holder: string, query: JobQuery) =>
    this.#inTransaction(trx => takeTask(trx, holder, query))
  readonly takeCopy = (holder: string, query: JobQuery) =>
    this.#inTransaction(trx => takeCopy(trx, holder, query))
  readonly countWaitingJobs = (owner: string | null) => countWaitingJobs(this.#db, owner)
  readonly claimSweep = (holder: string) => this.#inTransaction(trx => claimSweep(trx, holder))
  readonly releaseSweep = (holder: string) => setSweeping(this.#db, holder, 0)
  readonly readUsage = (owner: string) => readUsage(this.#db, owner)

  createTask(task: NewTask, decide: Decide): Promise<TaskRecord | undefined> {
    return this.#inTransaction(async trx => {
      const changed = await changeImage(trx, task.imageId, decide, this.#now())
      return changed && insertTask(trx, task, this.#now())
    })
  }

  updateTask(held: HeldTask, changes: TaskChanges, decide?: Decide): Promise<TaskRecord | undefined> {
    return this.#inTransaction(async trx => {
      const task = await updateTask(trx, held, changes, this.#now())
      if (task && decide) await changeImage(trx, task.imageId, decide, this.#now())
      return task
    })
  }

  readonly findTask = (id: string) => findTask(this.#db, id)
  readonly deleteFinishedTasks = (before: string) => deleteFinishedTasks(this.#db, before)
  readonly listTasks = (query: TaskQuery) => this.#inSnapshot(trx => listTasks(trx, query))

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

  /** Changes members while no other transaction changes those of the same image. */
  #changeMembers<T, M>(
    id: string,
    {notFound, decide}: {readonly notFound: M; readonly decide?: DecideMembers | undefined},
    work: (trx: Trx) => Promise<T>,
  ): Promise<T | M> {
    return this.#inTransaction(async trx => {
      const image = await lockImage(trx, id)
      if (image === undefined) return notFound
      const changes = decide?.(image, await listMembers(trx, id))
      const result = await work(trx)
      if (changes !== undefined) await changeImage(trx, id, () => changes, this.#now())
      return result
    })
  }
}
