// A bug that somebody could write: a name, what would go wrong, and the replacement of text that makes it.

export type PlantedBug = {
  readonly name: string
  /** What an owner or the exchange would suffer. */
  readonly harm: string
  readonly changes: readonly {
    /** Below src/. */
    readonly file: string
    /** Stands in the file exactly once. */
    readonly find: string
    readonly replace: string
  }[]
}
