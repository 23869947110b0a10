/** The files of `src` as the compiler parses them, for the tests of the structure. */
import path from 'node:path'
import type {Expression, Node, SourceFile} from 'typescript/unstable/ast'
import * as is from 'typescript/unstable/ast/is'
import {API} from 'typescript/unstable/sync'

export interface ParsedFile {
  /** Relative to `src`, with slashes. */
  readonly path: string
  readonly text: string
  readonly root: SourceFile
  /** The files of `src` that it imports: imports, re-exports, dynamic imports and types by `import('x')`. */
  readonly imports: readonly string[]
}

/** @param root the folder of `tsconfig.json` */
export function parseSourceFiles(root: string): readonly ParsedFile[] {
  const api = new API({cwd: root})
  try {
    const [project] = api.updateSnapshot({openProjects: [path.join(root, 'tsconfig.json')]}).getProjects()
    if (project === undefined) throw new Error('cannot open tsconfig.json')
    return project.rootFiles.flatMap(file => {
      const name = path.relative(path.join(root, 'src'), file).replaceAll('\\', '/')
      const parsed = project.program.getSourceFile(file)
      if (parsed === undefined || name.startsWith('../') || name.endsWith('.d.ts')) return []
      return [{path: name, text: parsed.text, root: parsed, imports: importsFrom(name, parsed)}]
    })
  } finally {
    api.close()
  }
}

function importsFrom(file: string, parsed: SourceFile): string[] {
  return parsed.imports
    .filter(is.isStringLiteral)
    .filter(({text}) => text.startsWith('.'))
    .map(({text}) => path.posix.join(path.posix.dirname(file), text).replace(/\.js$/, '.ts'))
}

/** The node and all nodes below it. */
export function walk(node: Node): readonly Node[] {
  const found = [node]
  node.forEachChild(child => void found.push(...walk(child)))
  return found
}

/** The name that a chain of properties and calls begins with: `Flags` of `Flags.option({})()`. */
export function rootName(expression: Expression): string | undefined {
  if (is.isPropertyAccessExpression(expression) || is.isCallExpression(expression))
    return rootName(expression.expression)
  return is.isIdentifier(expression) ? expression.text : undefined
}

/** True of a property that is read, taken out of an object, or named in a call: `x.json`, `{json}`, `has('json')`. */
export function readsProperty(node: Node, name: string): boolean {
  if (is.isPropertyAccessExpression(node))
    return node.name.text === name && !(is.isCallExpression(node.parent) && node.parent.expression === node)
  if (is.isBindingElement(node))
    return node.dotDotDotToken === undefined && nameText(node.propertyName ?? node.name) === name
  if (!is.isStringLiteralLikeNode(node) || node.text !== name) return false
  return is.isElementAccessExpression(node.parent) || is.isCallExpression(node.parent)
}

function nameText(node: Node | undefined): string | undefined {
  return node !== undefined && (is.isIdentifier(node) || is.isStringLiteral(node)) ? node.text : undefined
}

/** Lines from the first to the last one of a node, without its comment. */
export function countLines(node: Node, file: ParsedFile): number {
  return file.text.slice(node.getStart(file.root), node.end).split('\n').length
}

/**
 * Rings of folders with the same parent. An import between two files counts for the folders in which their paths part;
 * a folder and the files directly in its parent may import each other.
 */
export function findFolderRings(files: readonly ParsedFile[]): readonly string[] {
  const graph = new Map<string, Set<string>>()
  for (const file of files) {
    for (const to of file.imports) {
      const [a, b] = siblingFolders(file.path, to)
      if (a !== undefined && b !== undefined) graph.set(a, (graph.get(a) ?? new Set()).add(b))
    }
  }
  return [...graph.keys()].flatMap(folder => findRing(graph, folder))
}

function siblingFolders(from: string, to: string): readonly (string | undefined)[] {
  const [a, b] = [from.split('/'), to.split('/')]
  const depth = a.findIndex((part, i) => part !== b[i])
  return [a, b].map(parts => (parts.length > depth + 1 ? parts.slice(0, depth + 1).join('/') : undefined))
}

/** The shortest path from a folder back to itself; each ring is found from the first of its folders. */
function findRing(graph: ReadonlyMap<string, ReadonlySet<string>>, start: string): string[] {
  const trails = [[start]]
  const seen = new Set<string>()
  for (const trail of trails) {
    for (const next of graph.get(trail.at(-1) ?? '') ?? []) {
      if (next === start)
        return trail.every(folder => folder >= start) ? [[...trail, start].join(' -> ')] : []
      if (!seen.has(next)) trails.push([...trail, next])
      seen.add(next)
    }
  }
  return []
}
