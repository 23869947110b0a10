/** Runs the programs around the service, and reports the failures that end them. */
import {BrokenPipe, type Io} from '../../io/io.js'
import {Failure} from '../../model/errors.js'
import {createDisplay, type Display} from '../display.js'

/**
 * Runs a program.
 * @param name of the program, before its failures
 * @returns the exit code, as of `glance`
 */
export async function runReported(
  name: string,
  io: Io,
  run: (display: Display) => Promise<number>,
): Promise<number> {
  const display = createDisplay(io)
  try {
    return await run(display)
  } catch (error) {
    return await report(name, error, display)
  } finally {
    await display.close()
  }
}

async function report(name: string, error: unknown, display: Display): Promise<number> {
  if (error instanceof BrokenPipe) return 0
  const failure =
    error instanceof Failure
      ? error
      : new Failure('failed', error instanceof Error ? error.message : String(error), {cause: error})
  const {failureLines} = await import('../../work/output/failure-view.js')
  for (const line of failureLines(failure, []))
    await display.log(line.startsWith(' ') ? line : `${name}: ${line}`)
  return failure.exitCode
}
