// What the command lines of simulator and drills have in common: run, or say why not and how.

/** What is to be run; or what to print instead, and how to end. */
export type Choice<Options> =
  | { readonly kind: 'run'; readonly options: Options }
  | { readonly kind: 'say'; readonly text: string; readonly exitCode: 0 | 2 }

/** `read` throws what is wrong with the arguments. */
export function chooseBy<Options>(
  args: readonly string[],
  usage: string,
  read: (args: readonly string[]) => Options,
): Choice<Options> {
  if (args.includes('--help')) return { kind: 'say', text: usage, exitCode: 0 }
  try {
    return { kind: 'run', options: read(args) }
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error)
    return { kind: 'say', text: `${problem}\n\n${usage}`, exitCode: 2 }
  }
}

export function readNumber(name: string, text: string, shape: RegExp): number {
  if (!shape.test(text)) throw new Error(`--${name} cannot be ${text}`)
  return Number(text)
}
