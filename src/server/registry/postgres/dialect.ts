/** The dialect of PostgreSQL, for the statements that are written for all engines. */
import {PostgresDialect, type PostgresPool, PostgresQueryCompiler, type RawNode} from 'kysely'
import {findHinted} from '../sql/filters.js'

/** The dialect on these connections. */
export class HintlessDialect extends PostgresDialect {
  constructor(pool: PostgresPool) {
    super({pool})
  }

  override createQueryCompiler(): PostgresQueryCompiler {
    return new HintlessCompiler()
  }
}

/** Leaves out the hints for the planner of SQLite, which are operators that PostgreSQL does not have for text. */
class HintlessCompiler extends PostgresQueryCompiler {
  protected override visitRaw(node: RawNode): void {
    const hinted = findHinted(node)
    if (hinted === undefined) super.visitRaw(node)
    else this.visitNode(hinted)
  }
}
