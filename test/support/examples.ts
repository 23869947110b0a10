/** The examples of the documents and of the help, taken from their text. */
import {readdirSync, readFileSync} from 'node:fs'
import path from 'node:path'
import {loadAllCommands} from '../../src/commands.js'

const ROOT = path.resolve(import.meta.dirname, '../../..')

/** A command line, or several in a shell script, with the output that the document shows. */
export interface Example {
  /** The document, or the command whose help has it. */
  readonly source: string
  readonly line: string
  /** Undefined if the document shows none. */
  readonly output?: string
}

/** Lines that follow each other in a shell, so that the ids of earlier ones are used by later ones. */
export type Session = readonly Example[]

interface Block {
  readonly source: string
  readonly language: string
  readonly text: string
}

const GENERATED = /<!-- reference:.*?<!-- end of reference -->/s
const RECIPES = /^## Recipes$.*?(?=^## )/ms
const BLOCK = /^```(\w*)\n(.*?)^```$/gms

/** README.md and the files in `docs`, without the generated reference and the recipes, which have tests of their own. */
function readDocuments(): (readonly [source: string, text: string])[] {
  const docs = readdirSync(path.join(ROOT, 'docs')).filter(name => name.endsWith('.md'))
  return ['README.md', ...docs.map(name => `docs/${name}`)].map(source => [
    source,
    readFileSync(path.join(ROOT, source), 'utf8').replace(GENERATED, '').replace(RECIPES, ''),
  ])
}

/** The scripts of the recipes in docs/scripting.md, by their headings. */
export function readRecipes(): ReadonlyMap<string, string> {
  const [section = ''] = RECIPES.exec(readFileSync(path.join(ROOT, 'docs/scripting.md'), 'utf8')) ?? []
  const recipes = section.split(/^### /m).slice(1)
  return new Map(
    recipes.map(recipe => {
      const [, language, script = ''] = /^```(\w*)\n(.*?)^```$/ms.exec(recipe) ?? []
      if (language !== 'sh') throw new Error(`a recipe without a script: ${recipe}`)
      return [recipe.slice(0, recipe.indexOf('\n')), script]
    }),
  )
}

/** The code blocks of all documents. */
export function readBlocks(): Block[] {
  return readDocuments().flatMap(([source, text]) =>
    [...text.matchAll(BLOCK)].map(([, language = '', block = '']) => ({source, language, text: block})),
  )
}

/** Blocks of commands whose lines begin with a prompt, each with its output. */
export function readSessions(): Session[] {
  return readBlocks()
    .filter(({language, text}) => language === '' && text.startsWith('$ '))
    .map(({source, text}) =>
      text
        .split(/^\$ /m)
        .slice(1)
        .map(entry => {
          const [line = '', ...output] = entry.trimEnd().split('\n')
          return {source, line, ...(output.length > 0 && {output: output.join('\n')})}
        }),
    )
}

/** Commands in blocks and in the text of documents. A script of the shell is one example. */
export function readCommands(): Example[] {
  const inBlocks = readBlocks().flatMap(({source, language, text}): Example[] => {
    if (language === 'sh') return [{source, line: text.trimEnd()}]
    const isCommands = language === '' && /^(?:[A-Z_]+=\S+ )?(?:glance|npm) /.test(text)
    return isCommands
      ? text
          .trimEnd()
          .split('\n')
          .map(line => ({source, line}))
      : []
  })
  const inText = readDocuments().flatMap(([source, text]) =>
    [...text.replaceAll(BLOCK, '').matchAll(/`((?:[^`]*\| )?glance [^`]*)`/g)].map(([, line = '']) => ({
      source,
      line: line.replaceAll(/\s+/g, ' '),
    })),
  )
  return [...inBlocks, ...inText]
}

/** The examples that the help of commands ends with. */
export async function readHelpExamples(): Promise<Example[]> {
  const commands = Object.entries(await loadAllCommands())
  return commands.flatMap(([name, {examples = []}]) =>
    examples.map(example => ({source: `glance help ${name}`, line: String(example)})),
  )
}

/** `VARIABLE=value PRODUCER | glance WORDS < FILE | CONSUMER`, where the tool itself needs no shell. */
export interface PlainLine {
  readonly env: Readonly<Record<string, string>>
  readonly argv: readonly string[]
  /** The script that writes standard input. */
  readonly producer?: string
  /** The file that standard input is redirected from. */
  readonly input?: string
  /** The script that reads standard output. */
  readonly consumer?: string
}

const PLAIN_LINE =
  /^((?:[A-Z_]+=\S+ )*)(?:((?!glance )[^|&;]+) \| )?glance ((?:"[^"]*"|[^"'`|&;<>()\\\n#])*)(?:< (\S+))?(?:\| ((?!glance )[^|&;]+))?$/

/**
 * Parses the lines of an example; undefined if one has another syntax of the shell.
 * @param variables values of the variables in it
 */
export function parsePlainLines(
  example: string,
  variables: Readonly<Record<string, string>>,
): PlainLine[] | undefined {
  const lines = example.split('\n').map(line => parsePlainLine(line.replace(/ +#.*$/, ''), variables))
  return lines.every(line => line !== undefined) ? lines : undefined
}

function parsePlainLine(line: string, variables: Readonly<Record<string, string>>): PlainLine | undefined {
  const [, assignments = '', producer, rest, input, consumer] = PLAIN_LINE.exec(line) ?? []
  if (rest === undefined) return undefined
  const words = rest.match(/(?:"[^"]*"|[^\s"])+/g) ?? []
  const expand = (text: string) => text.replaceAll(/\$(\w+)/g, (_, name) => variables[name] ?? '')
  const pairs = [...assignments.matchAll(/(\S+?)=(\S+)/g)].map(([, name, value]) => [name, value])
  return {
    env: Object.fromEntries(pairs),
    argv: words.map(word => expand(word.replaceAll('"', ''))),
    ...(producer !== undefined && {producer}),
    ...(input !== undefined && {input}),
    ...(consumer !== undefined && {consumer}),
  }
}
