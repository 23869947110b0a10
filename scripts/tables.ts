/** Writes the tables that completion and the start of the tool read, and the pages of the help, in the build. */
import {loadAllCommands} from '../src/commands.js'
import {describeForCompletion, shortenTable} from '../src/lib/cli/completion/describe.js'
import {writeTable} from '../src/lib/cli/completion/table.js'
import {ALL_FLAGS} from '../src/lib/cli/flags/all.js'
import {commandHelp, toolHelp} from '../src/lib/cli/help/help.js'
import {writePages} from '../src/lib/cli/help/help-file.js'
import {topicPages} from '../src/lib/cli/help/topics.js'
import {writeStartTable} from '../src/lib/cli/start-table.js'

const commands = await loadAllCommands()
const table = describeForCompletion(commands, ALL_FLAGS)
writeTable(table)
writeStartTable(shortenTable(table))
const pages = Object.entries(commands).map(
  async ([name, command]) => ['command', name, await commandHelp(name, command)] as const,
)
writePages([
  ['tool', 'short', await toolHelp(commands, 'short')],
  ['tool', 'whole', await toolHelp(commands, 'whole')],
  ...(await Promise.all(pages)),
  ...Object.entries(topicPages()).map(([name, page]) => ['topic', name, page] as const),
])
