/** A registry that records the events of the changes that it makes, each in the same transaction. */
import type {Decide, DecideMembers, MemberRecord, NewEvent, Registry} from '../registry/registry.js'
import {decideEvents, decideMemberEvents, type EventDraft} from './decide-events.js'

/** What happens to events. */
export interface Recorder {
  /** Makes events of drafts, without those that are disabled. */
  readonly create: (drafts: readonly EventDraft[]) => readonly NewEvent[]
  /** Called after events were recorded. */
  readonly recorded: () => void
}

/** @param registry that carries the changes out */
export function withEvents(registry: Registry, recorder: Recorder): Registry {
  const overrides: Partial<Registry> = {
    ...recordImages(registry, recorder),
    ...recordMembers(registry, recorder),
  }
  return new Proxy(registry, {
    get(target, name: keyof Registry) {
      const value = overrides[name] ?? target[name]
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}

function recordImages(registry: Registry, recorder: Recorder): Partial<Registry> {
  const {create} = recorder
  const withImageEvents =
    (decide: Decide): Decide =>
    image => {
      const changes = decide(image)
      return changes && addEvents(changes, create(decideEvents(image, changes)))
    }
  return {
    create: async image =>
      tell(recorder, registry.create(addEvents(image, create([{type: 'image.create'}])))),
    change: (id, decide) => tell(recorder, registry.change(id, withImageEvents(decide))),
    delete: (id, decide = () => ({})) => {
      const events = create([{type: 'image.delete'}])
      return tell(
        recorder,
        registry.delete(id, image => addEvents(decide(image), events)),
      )
    },
    createTask: (task, decide) => tell(recorder, registry.createTask(task, withImageEvents(decide))),
    updateTask: (task, changes, decide) =>
      tell(recorder, registry.updateTask(task, changes, decide && withImageEvents(decide))),
  }
}

function recordMembers(registry: Registry, recorder: Recorder): Partial<Registry> {
  const {create} = recorder
  const withMemberEvents =
    (
      decide: DecideMembers | undefined,
      list: (members: readonly MemberRecord[]) => readonly EventDraft[],
    ): DecideMembers =>
    (image, members) => {
      const changes = decide?.(image, members) ?? {}
      return addEvents(changes, create([...decideEvents(image, changes), ...list(members)]))
    }
  return {
    addMember: (id, member, decide) => {
      const list = (members: readonly MemberRecord[]) =>
        decideMemberEvents(members, [{memberId: member, canShare: undefined}], false)
      return tell(recorder, registry.addMember(id, member, withMemberEvents(decide, list)))
    },
    putMember: (id, memberId, canShare, decide) => {
      const list = (members: readonly MemberRecord[]) =>
        decideMemberEvents(members, [{memberId, canShare}], false)
      return tell(recorder, registry.putMember(id, memberId, canShare, withMemberEvents(decide, list)))
    },
    replaceMembers: (id, wanted, decide) => {
      const list = (members: readonly MemberRecord[]) => decideMemberEvents(members, wanted, true)
      return tell(recorder, registry.replaceMembers(id, wanted, withMemberEvents(decide, list)))
    },
    deleteMember: (id, member, decide) => {
      const list = (members: readonly MemberRecord[]): readonly EventDraft[] =>
        members.some(({memberId}) => memberId === member) ? [{type: 'image.member.delete', member}] : []
      return tell(recorder, registry.deleteMember(id, member, withMemberEvents(decide, list)))
    },
    setMemberStatus: (id, member, status) =>
      tell(
        recorder,
        registry.setMemberStatus(id, member, status, create([{type: 'image.member.update', member}])),
      ),
  }
}

function addEvents<T extends object>(change: T, events: readonly NewEvent[]): T {
  return events.length === 0 ? change : {...change, events}
}

/** Also after an error: a registry that broke off may have recorded the events. */
async function tell<T>({recorded}: Recorder, change: Promise<T>): Promise<T> {
  return change.finally(recorded)
}
