// A Markdown table of plain cells. Pure.

export type Column<T> = { readonly head: string; readonly cell: (row: T) => string | number | null }

export function markdownTable<T>(rows: readonly T[], columns: readonly Column<T>[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [
    line(columns.map(({ head }) => head)),
    `|${columns.map(() => '---').join('|')}|`,
    ...rows.map((row) => line(columns.map(({ cell }) => clean(cell(row))))),
  ].join('\n')
}

function clean(cell: string | number | null): string {
  if (cell === null) return '–'
  return typeof cell === 'number' ? cell.toLocaleString('en') : cell.replaceAll('|', '\\|')
}
