/** Prints what the process sees as standard input, then its bytes. */
import {text} from 'node:stream/consumers'
import {systemIo} from '../../../../src/lib/io/system-io.js'

const {stdin} = systemIo()
process.stdout.write(`${stdin.kind} ${stdin.size} ${stdin.isUnreadFile}\n`)
if (stdin.kind !== 'nothing') process.stdout.write(`${await text(stdin.open())}\n`)
process.exit()
