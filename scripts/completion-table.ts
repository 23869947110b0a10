/** Writes the table that completion reads, in the build. */
import {loadAllCommands} from '../src/commands.js'
import {describeForCompletion} from '../src/lib/cli/completion/describe.js'
import {writeTable} from '../src/lib/cli/completion/table.js'
import {ALL_FLAGS} from '../src/lib/cli/flags/all.js'

writeTable(describeForCompletion(await loadAllCommands(), ALL_FLAGS))
