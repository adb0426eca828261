// What a page needs of the context, whoever it is for.

export type PageContext = {
  readonly config: {
    readonly exchangeName: string
    /** Of links, of forms that come back to us, and of cookies. */
    readonly publicOrigin: string
  }
}
