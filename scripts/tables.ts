/** Writes the tables that completion and the start of the tool read, and the pages of the help, in the build. */
import {loadAllCommands} from '../src/commands.js'
import {describeForCompletion} from '../src/lib/cli/completion/describe.js'
import {writeTable} from '../src/lib/cli/completion/table.js'
import {ALL_FLAGS} from '../src/lib/cli/flags/all.js'
import {commandHelp, toolHelp} from '../src/lib/cli/help/help.js'
import {writePages} from '../src/lib/cli/help/help-file.js'
import {topicPages} from '../src/lib/cli/help/topics.js'

const commands = await loadAllCommands()
writeTable(describeForCompletion(commands, ALL_FLAGS))
const pages = Object.entries(commands).map(async ([name, command]) => [
  name,
  await commandHelp(name, command),
])
writePages({
  short: await toolHelp(commands, 'short'),
  whole: await toolHelp(commands, 'whole'),
  commands: Object.fromEntries(await Promise.all(pages)),
  topics: topicPages(),
})
