/** The registry in PostgreSQL; transactions that collide with others run again. */
import {KyselyRegistry} from '../sql/kysely-registry.js'

/** A transaction that collides again and again is given up; it never was in tests with 40 at the same time. */
const MAX_RUNS = 20

/** Codes of a serialization failure and of a deadlock. */
const COLLISIONS: ReadonlySet<unknown> = new Set(['40001', '40P01'])

/** A registry that other processes use at the same time. */
export class PostgresRegistry extends KyselyRegistry {
  protected override async run<T>(transaction: () => Promise<T>): Promise<T> {
    for (let runs = 1; ; runs++) {
      try {
        return await transaction()
      } catch (error) {
        const code = error instanceof Error && 'code' in error ? error.code : undefined
        if (runs === MAX_RUNS || !COLLISIONS.has(code)) throw error
      }
    }
  }
}
