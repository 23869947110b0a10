/**
 * Bundles what is published: the tool into `dist/tool` (CommonJS, in files that are loaded when they are used), the
 * library into `dist/library` (ES modules), and the licences of the libraries inside into `dist/THIRD_PARTY_NOTICES`.
 */
import {mkdirSync, readFileSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {type OutputOptions, type Plugin, rolldown} from 'rolldown'
import {loadLess} from './bundle/load-less.js'
import {collectNotices} from './bundle/notices.js'
import {groupModules} from './bundle/tool-files.js'

const DIST = path.resolve(import.meta.dirname, '..')
const {version} = JSON.parse(readFileSync(path.join(DIST, '../package.json'), 'utf8'))

/** Follows what rolldown does not: threads and data in files of their own, and `require` in ES modules. */
const followReferences: Plugin = {
  name: 'follow-references',
  transform(code, id) {
    if (id.includes('node_modules')) return null
    for (const [, fileName = ''] of code.matchAll(
      /(?:new URL\(|join\(import\.meta\.dirname, )'(?:\.\/)?([\w-]+\.\w+)'/g,
    )) {
      const file = path.resolve(id, '..', fileName)
      if (file.endsWith('.js')) this.emitFile({type: 'chunk', id: file, fileName})
      else this.emitFile({type: 'asset', source: readFileSync(file), fileName})
    }
    return code.replace(/^const require = createRequire\(import\.meta\.url\);$/m, '')
  },
}

async function bundle(folder: string, input: string, plugins: Plugin[], output: OutputOptions) {
  const build = await rolldown({
    input: path.join(DIST, 'src', input),
    platform: 'node',
    external: [/^@libsql\//],
    treeshake: {moduleSideEffects: false},
    transform: {define: {PACKAGE_VERSION: JSON.stringify(version)}},
    preserveEntrySignatures: 'allow-extension',
    checks: {ineffectiveDynamicImport: false},
    plugins: [followReferences, ...plugins],
  })
  const minify = {compress: true, mangle: {keepNames: true}, codegen: true} as const
  const names = {chunkFileNames: '[name].js', entryFileNames: '[name].js'}
  const {output: files} = await build.generate({...names, comments: false, minify, ...output})
  mkdirSync(path.join(DIST, folder))
  for (const file of files) {
    const content = file.type === 'chunk' ? toAscii(file.code) : file.source
    writeFileSync(path.join(DIST, folder, file.fileName), content)
  }
  return files.flatMap(file => (file.type === 'chunk' ? file.moduleIds : []))
}

/** V8 keeps text in ASCII in half of the memory. */
function toAscii(code: string): string {
  return code.replace(/[^\0-\x7f]/g, unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

const groups = [{debugName: 'files', name: groupModules(path.join(DIST, 'src/'))}]
const codeSplitting = {groups, includeDependenciesRecursively: false}
const tool = await bundle('tool', 'start.js', [loadLess], {
  format: 'cjs',
  strictExecutionOrder: true,
  // The code cache compiles files with no loader for import().
  dynamicImportInCjs: false,
  codeSplitting,
})
const library = await bundle('library', 'lib/client.js', [], {format: 'esm'})
writeFileSync(path.join(DIST, 'tool/package.json'), '{"type": "commonjs"}\n')
writeFileSync(path.join(DIST, 'THIRD_PARTY_NOTICES'), collectNotices([...tool, ...library]))
