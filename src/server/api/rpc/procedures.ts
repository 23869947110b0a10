/** The procedures that API servers call: the methods of the registry, and what deciding needs besides. */
import type {Deletion, HeldTask, Registry} from '../../registry/registry.js'
import {isFlag, isText, type ValueCheck} from '../../registry/remote/checks.js'
import {
  DECIDING_PROCEDURES,
  type Decision,
  METADEF_PROCEDURES,
  PROCEDURES,
  PROTOCOL,
} from '../../registry/remote/procedures.js'
import {isHeldTask} from '../../registry/remote/record-checks.js'
import {findSight, findTaskSight, holdTo} from './decisions.js'
import type {Deletions} from './deletions.js'

/** A procedure, and the checks of what it is given. */
export interface Procedure {
  readonly args: readonly ValueCheck[]
  /** Absent: it takes no decision. */
  readonly decided?: ValueCheck
  readonly run: (args: readonly unknown[], decision?: Decision) => unknown
}

/** All procedures by name. */
export function createProcedures(registry: Registry, deletions: Deletions): ReadonlyMap<string, Procedure> {
  const run = findMethods(registry)
  const deciding = Object.entries(DECIDING_PROCEDURES).map(([name, {args, decided}]): [string, Procedure] => [
    name,
    {
      args,
      decided,
      async run(given, decision) {
        // The decision is the last parameter, also after one that is absent.
        const all = [...args.map((_, n) => given[n]), decision && holdTo(decision)]
        const result = await run(name, all)
        if (name === 'delete') deletions.note(result as Deletion | undefined)
        return result
      },
    },
  ])
  return new Map([
    ...createPlain(registry, PROCEDURES),
    ...createPlain(registry.metadefs, METADEF_PROCEDURES, 'metadefs.'),
    ...deciding,
    ...createLooks(registry),
  ])
}

/** Procedures that call methods as they are. */
function createPlain(
  target: object,
  checks: Readonly<Record<string, readonly ValueCheck[]>>,
  prefix = '',
): readonly [string, Procedure][] {
  const run = findMethods(target)
  return Object.entries(checks).map(([name, args]) => [prefix + name, {args, run: given => run(name, given)}])
}

/** Calls the methods of an object by name. */
function findMethods(target: object) {
  const methods = target as Readonly<Record<string, (...args: readonly unknown[]) => unknown>>
  return (name: string, args: readonly unknown[]) => methods[name]!(...args)
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
