/** Texts generated from the commands: docs/commands.md, its short form in the README, and the golden files of the help. */
import {loadAllCommands} from '../../src/commands.js'
import {commandHelp, toolHelp} from '../../src/lib/cli/help/help.js'
import {layOut} from '../../src/lib/cli/help/help-layout.js'

const BEGIN = '<!-- reference: made by `npm run reference` -->'
const END = '<!-- end of reference -->'

/** Replaces the list of commands in the README. */
export async function withReference(readme: string): Promise<string> {
  const [head, rest = ''] = readme.split(BEGIN)
  const [, tail] = rest.split(END)
  if (head === undefined || tail === undefined)
    throw new Error('README.md has lost the marks of its reference')
  return `${head}${BEGIN}\n\n\`\`\`\n${layOut(await toolHelp(await loadAllCommands(), 'short')).trimEnd()}\n\`\`\`\n\n${END}${tail}`
}

/** The text of docs/commands.md. */
export async function reference(): Promise<string> {
  const sections = (await helpTexts()).map(([name, text]) => {
    const title = name === 'glance' ? '## glance' : `## glance ${name}`
    return `${title}\n\n\`\`\`\n${text.trimEnd()}\n\`\`\`\n`
  })
  const intro = 'The help of the tool and of each command, as `glance help` prints it.'
  return `${BEGIN}\n\n# Commands\n\n${intro}\n\n${sections.join('\n')}\n${END}\n`
}

/**
 * The help of the tool and of every command, by name.
 * @param columns characters in a line; as without a terminal unless given
 */
export async function helpTexts(columns?: number): Promise<readonly (readonly [string, string])[]> {
  const commands = await loadAllCommands()
  const texts: (readonly [string, string])[] = [
    ['glance', layOut(await toolHelp(commands, 'whole'), columns)],
  ]
  for (const [name, command] of Object.entries(commands))
    texts.push([name, layOut(await commandHelp(name, command), columns)])
  return texts
}
