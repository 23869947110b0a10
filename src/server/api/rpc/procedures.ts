/** The procedures that API servers call: the methods of the registry, and what deciding needs besides. */
import type {Deletion, HeldTask, Registry} from '../../registry/registry.js'
import {type Check, isFlag, isText} from '../../registry/remote/checks.js'
import {DECIDING_PROCEDURES, type Decision, PROCEDURES, PROTOCOL} from '../../registry/remote/procedures.js'
import {isHeldTask} from '../../registry/remote/record-checks.js'
import {findSight, findTaskSight, holdTo} from './decisions.js'
import type {Deletions} from './deletions.js'

/** A procedure, and the checks of what it is given. */
export interface Procedure {
  readonly args: readonly Check[]
  /** Absent: it takes no decision. */
  readonly decided?: Check
  readonly run: (args: readonly unknown[], decision?: Decision) => unknown
}

/** All procedures by name. */
export function createProcedures(registry: Registry, deletions: Deletions): ReadonlyMap<string, Procedure> {
  const run = (name: string, args: readonly unknown[]): unknown =>
    (registry as unknown as Readonly<Record<string, (...args: readonly unknown[]) => unknown>>)[name]!(
      ...args,
    )
  const plain = Object.entries(PROCEDURES).map(([name, args]): [string, Procedure] => [
    name,
    {args, run: given => run(name, given)},
  ])
  const deciding = Object.entries(DECIDING_PROCEDURES).map(([name, {args, decided}]): [string, Procedure] => [
    name,
    {
      args,
      decided,
      // The decision is the last parameter, also after one that is absent.
      run: (given, decision) => run(name, [...args.map((_, n) => given[n]), decision && holdTo(decision)]),
    },
  ])
  const procedures = new Map([...plain, ...deciding, ...createLooks(registry)])
  const {run: remove, ...checks} = procedures.get('delete')!
  procedures.set('delete', {
    ...checks,
    run: async (...given) => {
      const deletion = (await remove(...given)) as Deletion | undefined
      deletions.note(deletion)
      return deletion
    },
  })
  return procedures
}

function createLooks(registry: Registry): readonly [string, Procedure][] {
  return [
    ['describe', {args: [], run: () => ({protocol: PROTOCOL})}],
    [
      'look',
      {
        args: [isText, isFlag],
        run: ([id, withMembers]) => findSight(registry, id as string, withMembers as boolean),
      },
    ],
    ['lookAtTask', {args: [isHeldTask], run: ([task]) => findTaskSight(registry, task as HeldTask)}],
  ]
}
