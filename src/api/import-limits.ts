// The bounds of one bulk import: on time, since a request of a Worker has an end, and on what has to be kept of it at once.

export const IMPORT_LINES_MAX = 10_000
/** In UTF-16 units; an account with all its fields has a thousand. */
export const IMPORT_LINE_MAX = 4_096
export const IMPORT_BODY_MAX_MIB = 16
/** Accounts that are read and saved together. */
export const IMPORT_CHUNK = 250
/** Of the thousand that an invocation may make. */
export const IMPORT_STATEMENTS_MAX = 900
